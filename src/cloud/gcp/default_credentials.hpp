#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/gcp/token_source.hpp"

namespace semantrix::gcp {

/// Who the program is, as it says itself: the callback, the token, the file of `access`, the first
/// that is given; else Application Default Credentials:
///  1. the file that GOOGLE_APPLICATION_CREDENTIALS names (a missing one is an error),
///  2. what gcloud has left: application_default_credentials.json in CLOUDSDK_CONFIG, or in
///     ~/.config/gcloud,
///  3. the machine's service account.
/// Reads files; asks nobody. Errors: those of the file.
[[nodiscard]] Result<OwnedTokenSource> find_credentials(
    const GoogleAccess& access, const cloud::SharedSurroundings& surroundings);

/// The project whose quota is charged: the option, GOOGLE_CLOUD_QUOTA_PROJECT, the credentials';
/// empty for none.
[[nodiscard]] std::string quota_project_of(const GoogleAccess& access,
                                           const cloud::Surroundings& surroundings,
                                           const TokenSource& source);

}  // namespace semantrix::gcp
