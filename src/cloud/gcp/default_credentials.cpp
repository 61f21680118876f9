#include "cloud/gcp/default_credentials.hpp"

#include "cloud/gcp/credentials_file.hpp"
#include "cloud/gcp/given_tokens.hpp"
#include "cloud/gcp/machine_account.hpp"

namespace semantrix::gcp {
namespace {

std::string well_known_file(const cloud::Surroundings& surroundings) {
  std::string folder = surroundings.variable("CLOUDSDK_CONFIG");
  if (folder.empty() && !surroundings.variable("HOME").empty()) {
    folder = cloud::expand_home(surroundings, "~/.config/gcloud");
  }
  return folder.empty() ? folder : folder + "/application_default_credentials.json";
}

}  // namespace

Result<OwnedTokenSource> find_credentials(const GoogleAccess& access,
                                          const cloud::SharedSurroundings& surroundings) {
  if (access.credentials) {
    return OwnedTokenSource(std::make_unique<CallbackTokens>(access.credentials));
  }
  if (!access.access_token.empty()) {
    return OwnedTokenSource(std::make_unique<FixedToken>(access.access_token));
  }
  if (!access.credentials_file.empty()) {
    return read_credentials_file(access.credentials_file, surroundings);
  }
  const std::string named = surroundings->variable("GOOGLE_APPLICATION_CREDENTIALS");
  if (!named.empty()) return read_credentials_file(named, surroundings);
  const std::string well_known = well_known_file(*surroundings);
  if (!well_known.empty()) {
    const Result<std::optional<std::string>> there = surroundings->file(well_known);
    if (!there || *there) return read_credentials_file(well_known, surroundings);
  }
  return OwnedTokenSource(std::make_unique<MachineAccount>(surroundings));
}

std::string quota_project_of(const GoogleAccess& access, const cloud::Surroundings& surroundings,
                             const TokenSource& source) {
  if (!access.quota_project_id.empty()) return access.quota_project_id;
  std::string named = surroundings.variable("GOOGLE_CLOUD_QUOTA_PROJECT");
  return named.empty() ? source.quota_project() : named;
}

}  // namespace semantrix::gcp
