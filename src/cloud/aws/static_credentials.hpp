#pragma once

#include "cloud/aws/credentials.hpp"

namespace semantrix::aws {

/// Credentials that the program was given. Asks nobody.
class StaticCredentials final : public CredentialsSource {
 public:
  explicit StaticCredentials(Credentials credentials);

  [[nodiscard]] std::string_view name() const noexcept override { return "the options"; }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  Credentials credentials_;
};

}  // namespace semantrix::aws
