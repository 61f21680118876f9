#pragma once

#include "cloud/aws/credentials.hpp"

#include <functional>

namespace semantrix::aws {

/// Credentials that the program's own function gives.
class CallbackCredentials final : public CredentialsSource {
 public:
  using Callback = std::function<boost::asio::awaitable<Result<Credentials>>()>;
  explicit CallbackCredentials(Callback callback);

  [[nodiscard]] std::string_view name() const noexcept override {
    return "what the credentials callback gives";
  }
  [[nodiscard]] boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) override;

 private:
  Callback callback_;
};

}  // namespace semantrix::aws
