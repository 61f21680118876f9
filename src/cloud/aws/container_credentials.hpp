#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"

namespace semantrix::aws {

/// What the agent of a container in ECS, or of a pod in EKS (Pod Identity), gives.
///
/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is a path on 169.254.170.2,
/// AWS_CONTAINER_CREDENTIALS_FULL_URI a URL: https, or the loopback, or one of the agents'
/// addresses, since the answer is a secret in the clear. AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
/// read anew each time, or AWS_CONTAINER_AUTHORIZATION_TOKEN is sent along.
class ContainerCredentials final : public CredentialsSource {
 public:
  explicit ContainerCredentials(cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string_view name() const noexcept override { return "the container"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  [[nodiscard]] Result<std::string> token() const;
  [[nodiscard]] boost::asio::awaitable<Result<void>> check_host(cloud::HttpUrl url,
                                                                Deadline deadline);
  cloud::SharedSurroundings surroundings_;
};

}  // namespace semantrix::aws
