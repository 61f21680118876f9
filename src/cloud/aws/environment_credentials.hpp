#pragma once

#include "cloud/access/surroundings.hpp"
#include "cloud/aws/credentials.hpp"

namespace semantrix::aws {

/// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, with AWS_SESSION_TOKEN, AWS_CREDENTIAL_EXPIRATION
/// and AWS_ACCOUNT_ID where they are set. One of the first two alone is an error.
class EnvironmentCredentials final : public CredentialsSource {
 public:
  explicit EnvironmentCredentials(cloud::SharedSurroundings surroundings);

  [[nodiscard]] std::string_view name() const noexcept override { return "the environment"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  [[nodiscard]] Result<std::optional<Credentials>> read() const;

  cloud::SharedSurroundings surroundings_;
};

}  // namespace semantrix::aws
