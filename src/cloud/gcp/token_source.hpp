#pragma once

#include <semantrix/error.hpp>
#include <semantrix/google_memorystore_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

/// Who the program is to Google Cloud: where that is found, and how it is kept fresh.
namespace semantrix::gcp {

/// All that Google's services ask of an administrator's and a data user's token; what is allowed is
/// decided by roles.
inline constexpr std::string_view cloud_scope = "https://www.googleapis.com/auth/cloud-platform";

/// One kind of credentials. Asked by `TokenProvider` alone, which keeps what it gives: one question
/// at a time, on one strand.
class TokenSource {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  TokenSource() = default;
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;
  virtual ~TokenSource() = default;

  /// What goes into messages: "the service account a@b".
  [[nodiscard]] virtual std::string name() const = 0;
  /// The project whose quota is charged, if the credentials name one.
  [[nodiscard]] virtual std::string quota_project() const { return {}; }

  /// A fresh token. Errors: no_credentials, authentication_failed (refused for good), those of the
  /// network. Ends by the deadline.
  [[nodiscard]] virtual boost::asio::awaitable<Result<GoogleAccessToken>> fetch(
      Deadline deadline) = 0;
};

using OwnedTokenSource = std::unique_ptr<TokenSource>;

}  // namespace semantrix::gcp
