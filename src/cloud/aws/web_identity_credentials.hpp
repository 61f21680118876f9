#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"
#include "cloud/aws/sts.hpp"

#include <string>

namespace semantrix::aws {

/// A role for the token in a file, which is read anew each time: tokens of pods are replaced in
/// place. Errors: no_credentials (no such file), what STS says.
[[nodiscard]] boost::asio::awaitable<Result<Credentials>> role_by_token_file(
    cloud::SharedSurroundings surroundings, ServiceEndpoint sts, RoleRequest role,
    std::string token_file, CredentialsSource::Deadline deadline);

/// AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN, perhaps AWS_ROLE_SESSION_NAME: how a pod in EKS is
/// given a role (IRSA).
class WebIdentityCredentials final : public CredentialsSource {
 public:
  WebIdentityCredentials(cloud::SharedSurroundings surroundings, std::string profile);

  [[nodiscard]] std::string_view name() const noexcept override {
    return "the web identity token file";
  }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  cloud::SharedSurroundings surroundings_;
  std::string profile_;
};

}  // namespace semantrix::aws
