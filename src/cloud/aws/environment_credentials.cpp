#include "cloud/aws/environment_credentials.hpp"

#include "cloud/access/rfc3339.hpp"

#include <utility>

namespace semantrix::aws {

EnvironmentCredentials::EnvironmentCredentials(cloud::SharedSurroundings surroundings)
    : surroundings_(std::move(surroundings)) {}

Result<std::optional<Credentials>> EnvironmentCredentials::read() const {
  const auto variable = [&](std::string_view name) { return surroundings_->variable(name); };
  Credentials found;
  found.access_key_id = variable("AWS_ACCESS_KEY_ID");
  found.secret_access_key = variable("AWS_SECRET_ACCESS_KEY");
  if (found.access_key_id.empty() && found.secret_access_key.empty()) {
    return std::optional<Credentials>();
  }
  if (found.access_key_id.empty() || found.secret_access_key.empty()) {
    return Error(ErrorCode::no_credentials,
                 found.access_key_id.empty()
                     ? "AWS_SECRET_ACCESS_KEY is set without AWS_ACCESS_KEY_ID"
                     : "AWS_ACCESS_KEY_ID is set without AWS_SECRET_ACCESS_KEY",
                 "set both or none");
  }
  found.session_token = variable("AWS_SESSION_TOKEN");
  found.account_id = variable("AWS_ACCOUNT_ID");
  const std::string until = variable("AWS_CREDENTIAL_EXPIRATION");
  if (!until.empty()) {
    const auto time = cloud::parse_rfc3339(until);
    if (!time) {
      return Error(ErrorCode::invalid_argument, "AWS_CREDENTIAL_EXPIRATION is no time",
                   "write it like 2030-01-31T12:00:00Z, or unset it");
    }
    found.expires = *time;
  }
  return std::optional(std::move(found));
}

boost::asio::awaitable<Result<std::optional<Credentials>>> EnvironmentCredentials::fetch(
    Deadline /*deadline*/) {
  co_return read();
}

}  // namespace semantrix::aws
