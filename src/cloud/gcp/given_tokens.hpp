#pragma once

#include "cloud/gcp/token_source.hpp"

namespace semantrix::gcp {

/// A token that the program was given. Asks nobody.
class FixedToken final : public TokenSource {
 public:
  explicit FixedToken(std::string token);

  [[nodiscard]] std::string name() const override { return "the given access token"; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  std::string token_;
};

/// Tokens that the program's own function gives.
class CallbackTokens final : public TokenSource {
 public:
  explicit CallbackTokens(GoogleTokenProvider callback);

  [[nodiscard]] std::string name() const override { return "the credentials callback"; }
  [[nodiscard]] boost::asio::awaitable<Result<GoogleAccessToken>> fetch(Deadline deadline) override;

 private:
  GoogleTokenProvider callback_;
};

}  // namespace semantrix::gcp
