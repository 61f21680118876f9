#include "cloud/aws/web_identity_credentials.hpp"

#include "base/quote.hpp"
#include "cloud/aws/profiles.hpp"
#include "cloud/aws/service_settings.hpp"

#include <utility>

namespace semantrix::aws {

using boost::asio::awaitable;

awaitable<Result<Credentials>> role_by_token_file(cloud::SharedSurroundings surroundings,
                                                  ServiceEndpoint sts, RoleRequest role,
                                                  std::string token_file,
                                                  CredentialsSource::Deadline deadline) {
  Result<std::optional<std::string>> token = surroundings->file(token_file);
  if (!token) co_return token.error();
  if (!*token) {
    co_return Error(ErrorCode::no_credentials, "there is no token file " + quote(token_file),
                    "correct its path (AWS_WEB_IDENTITY_TOKEN_FILE, web_identity_token_file)");
  }
  std::string text = **std::move(token);
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  auto asking = assume_role_with_web_identity(std::move(surroundings), std::move(sts),
                                              std::move(role), std::move(text), deadline);
  Result<Credentials> found = co_await std::move(asking);
  co_return found;
}

WebIdentityCredentials::WebIdentityCredentials(cloud::SharedSurroundings surroundings,
                                               std::string profile)
    : surroundings_(std::move(surroundings)), profile_(std::move(profile)) {}

awaitable<Result<std::optional<Credentials>>> WebIdentityCredentials::fetch(Deadline deadline) {
  const std::string file = surroundings_->variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (file.empty()) co_return std::optional<Credentials>();
  RoleRequest role;
  role.role_arn = surroundings_->variable("AWS_ROLE_ARN");
  role.session_name = surroundings_->variable("AWS_ROLE_SESSION_NAME");
  if (role.role_arn.empty()) {
    co_return Error(ErrorCode::no_credentials,
                    "AWS_WEB_IDENTITY_TOKEN_FILE is set without AWS_ROLE_ARN", "set both or none");
  }
  const Result<Profiles> profiles = load_profiles(*surroundings_);
  if (!profiles) co_return profiles.error();
  const std::string name = profile_name(*surroundings_, profile_);
  const Result<EndpointQuestion> settings =
      service_settings(*surroundings_, *profiles, name, "sts", EndpointQuestion());
  if (!settings) co_return settings.error();
  Result<ServiceEndpoint> sts = sts_endpoint(*settings);
  if (!sts) co_return sts.error();
  auto asking = role_by_token_file(surroundings_, *std::move(sts), std::move(role), file, deadline);
  Result<Credentials> found = co_await std::move(asking);
  if (!found) co_return found.error();
  co_return std::optional(*std::move(found));
}

}  // namespace semantrix::aws
