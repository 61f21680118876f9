#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"
#include "cloud/aws/profile_file.hpp"

#include <string>

namespace semantrix::aws {

/// Whether a profile says that its credentials come from IAM Identity Center.
[[nodiscard]] bool uses_sso(const Settings& profile) noexcept;

/// Credentials of a role, by the token that `aws sso login` has left in ~/.aws/sso/cache. Nobody is
/// asked to log in. Errors: invalid_argument (settings are missing), no_credentials (no token, or
/// one that has expired), what the service says.
[[nodiscard]] boost::asio::awaitable<Result<Credentials>> credentials_from_sso(
    cloud::SharedSurroundings surroundings, Profiles profiles, std::string profile,
    CredentialsSource::Deadline deadline);

}  // namespace semantrix::aws
