#include "cloud/aws/profile_credentials.hpp"

#include "base/quote.hpp"
#include "cloud/aws/container_credentials.hpp"
#include "cloud/aws/credentials_document.hpp"
#include "cloud/aws/environment_credentials.hpp"
#include "cloud/aws/machine_credentials.hpp"
#include "cloud/aws/process_credentials.hpp"
#include "cloud/aws/profiles.hpp"
#include "cloud/aws/service_settings.hpp"
#include "cloud/aws/sso_credentials.hpp"
#include "cloud/aws/web_identity_credentials.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;

Error wrong(const std::string& profile, std::string_view what, std::string remedy) {
  return {ErrorCode::invalid_argument, "profile " + quote(profile) + " " + std::string(what),
          std::move(remedy)};
}

Error no_profile(const std::string& profile) {
  return {ErrorCode::no_credentials, "there is no profile " + quote(profile),
          "add it to ~/.aws/config, or name another one (AWS_PROFILE, profile_name)"};
}

bool has_keys(const Settings& profile) {
  return !setting(profile, "aws_access_key_id").empty() ||
         !setting(profile, "aws_secret_access_key").empty();
}

Result<std::optional<Credentials>> keys_of(const Settings& profile, const std::string& name) {
  Credentials found;
  found.access_key_id = setting(profile, "aws_access_key_id");
  found.secret_access_key = setting(profile, "aws_secret_access_key");
  found.session_token = setting(profile, "aws_session_token");
  found.account_id = setting(profile, "aws_account_id");
  if (!has_keys(profile)) return std::optional<Credentials>();
  if (found.access_key_id.empty() || found.secret_access_key.empty()) {
    return Error(ErrorCode::no_credentials,
                 "profile " + quote(name) +
                     " has one of aws_access_key_id and "
                     "aws_secret_access_key alone",
                 "give it both or none");
  }
  return std::optional(std::move(found));
}

RoleRequest role_of(const Settings& profile) {
  RoleRequest role;
  role.role_arn = setting(profile, "role_arn");
  role.session_name = setting(profile, "role_session_name");
  role.external_id = setting(profile, "external_id");
  const std::string_view seconds = setting(profile, "duration_seconds");
  int value = 0;
  const auto [stop, error] =
      std::from_chars(seconds.data(), seconds.data() + seconds.size(), value);
  if (error == std::errc() && value > 0) role.duration = std::chrono::seconds(value);
  return role;
}

awaitable<Result<std::optional<Credentials>>> at_once(Result<std::optional<Credentials>> found) {
  co_return found;
}

/// What there must be, as what there may be.
awaitable<Result<std::optional<Credentials>>> found_by(awaitable<Result<Credentials>> asking) {
  Result<Credentials> found = co_await std::move(asking);
  if (!found) co_return found.error();
  co_return std::optional(*std::move(found));
}

std::unique_ptr<CredentialsSource> named_source(const cloud::SharedSurroundings& surroundings,
                                                std::string_view name) {
  if (name == "Environment") return std::make_unique<EnvironmentCredentials>(surroundings);
  if (name == "Ec2InstanceMetadata") return std::make_unique<MachineCredentials>(surroundings);
  if (name == "EcsContainer") return std::make_unique<ContainerCredentials>(surroundings);
  return nullptr;
}

}  // namespace

ProfileCredentials::ProfileCredentials(cloud::SharedSurroundings surroundings, std::string profile)
    : surroundings_(std::move(surroundings)), profile_(std::move(profile)) {}

Result<ServiceEndpoint> ProfileCredentials::sts(const Profiles& profiles,
                                                const std::string& profile) const {
  const Result<EndpointQuestion> settings =
      service_settings(*surroundings_, profiles, profile, "sts", EndpointQuestion());
  if (!settings) return settings.error();
  return sts_endpoint(*settings);
}

awaitable<ProfileCredentials::Found> ProfileCredentials::fetch(Deadline deadline) {
  Result<Profiles> profiles = load_profiles(*surroundings_);
  if (!profiles) co_return profiles.error();
  const bool asked_for = !profile_.empty() || !surroundings_->variable("AWS_PROFILE").empty();
  std::vector<std::string> visited;
  visited.push_back(profile_name(*surroundings_, profile_));
  if (profiles->find(visited.back()) == nullptr) {
    if (asked_for) co_return no_profile(visited.back());
    co_return std::optional<Credentials>();
  }
  auto resolving = resolve(*std::move(profiles), std::move(visited), deadline);
  Found found = co_await std::move(resolving);
  co_return found;
}

awaitable<ProfileCredentials::Found> ProfileCredentials::resolve(Profiles profiles,
                                                                 std::vector<std::string> visited,
                                                                 Deadline deadline) {
  const std::string name = visited.back();
  const Settings& profile = *profiles.find(name);
  if (!setting(profile, "role_arn").empty()) {
    return role(std::move(profiles), std::move(visited), deadline);
  }
  if (uses_sso(profile)) {
    return found_by(credentials_from_sso(surroundings_, std::move(profiles), name, deadline));
  }
  const std::string command(setting(profile, "credential_process"));
  if (command.empty() || has_keys(profile)) return at_once(keys_of(profile, name));
  return found_by(credentials_from_program(command, deadline));
}

awaitable<ProfileCredentials::Found> ProfileCredentials::role(Profiles profiles,
                                                              std::vector<std::string> visited,
                                                              Deadline deadline) {
  const std::string name = visited.back();
  const Settings& profile = *profiles.find(name);
  Result<ServiceEndpoint> endpoint = sts(profiles, name);
  if (!endpoint) return at_once(endpoint.error());
  const RoleRequest request = role_of(profile);
  const std::string token_file(setting(profile, "web_identity_token_file"));
  const bool has_base =
      !setting(profile, "source_profile").empty() || !setting(profile, "credential_source").empty();
  if (!token_file.empty() && !has_base) {
    return found_by(
        role_by_token_file(surroundings_, *std::move(endpoint), request, token_file, deadline));
  }
  return role_with(base(std::move(profiles), std::move(visited), deadline), name,
                   *std::move(endpoint), request, deadline);
}

awaitable<ProfileCredentials::Found> ProfileCredentials::role_with(awaitable<Found> seeking,
                                                                   std::string profile,
                                                                   ServiceEndpoint endpoint,
                                                                   RoleRequest request,
                                                                   Deadline deadline) {
  Found source = co_await std::move(seeking);
  if (!source) co_return source.error();
  if (!*source) {
    co_return nothing_in("what the role of profile " + quote(profile) + " is to be taken with",
                         "correct its source_profile or credential_source");
  }
  auto taking = found_by(assume_role(surroundings_, std::move(endpoint), std::move(request),
                                     **std::move(source), deadline));
  Found found = co_await std::move(taking);
  co_return found;
}

awaitable<ProfileCredentials::Found> ProfileCredentials::base(Profiles profiles,
                                                              std::vector<std::string> visited,
                                                              Deadline deadline) {
  const std::string name = visited.back();
  const Settings& profile = *profiles.find(name);
  const std::string next(setting(profile, "source_profile"));
  const std::string_view kind = setting(profile, "credential_source");
  if (!next.empty() && !kind.empty()) {
    return at_once(
        wrong(name, "has a source_profile and a credential_source", "give it one of them"));
  }
  if (!kind.empty()) return from_named_source(std::string(kind), name, deadline);
  if (next.empty()) {
    return at_once(wrong(name, "has a role_arn, but nothing to take the role with",
                         "give it a source_profile or a credential_source"));
  }
  const Settings* source = profiles.find(next);
  if (source == nullptr) return at_once(no_profile(next));
  // A profile may take its role with its own keys.
  if (next == name && has_keys(*source)) return at_once(keys_of(*source, next));
  if (std::find(visited.begin(), visited.end(), next) != visited.end()) {
    return at_once(wrong(name, "comes back to itself by source_profile", "break the circle"));
  }
  visited.push_back(next);
  return resolve(std::move(profiles), std::move(visited), deadline);
}

awaitable<ProfileCredentials::Found> ProfileCredentials::from_named_source(std::string kind,
                                                                           std::string profile,
                                                                           Deadline deadline) {
  const auto source = named_source(surroundings_, kind);
  if (!source) {
    co_return wrong(profile, "has an unknown credential_source",
                    "write Environment, Ec2InstanceMetadata or EcsContainer");
  }
  auto fetching = source->fetch(deadline);
  Found found = co_await std::move(fetching);
  co_return found;
}

}  // namespace semantrix::aws
