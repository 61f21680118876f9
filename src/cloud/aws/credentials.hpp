#pragma once

#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Who the program is to Amazon Web Services: where that is found, and how it is kept fresh.
namespace semantrix::aws {

/// Has no operator<< and goes into no message: the secret and the token open everything.
struct Credentials {
  std::string access_key_id = {};
  std::string secret_access_key = {};
  std::string session_token = {};  ///< Empty: these are long-lived.
  /// Absent: they do not expire.
  std::optional<std::chrono::system_clock::time_point> expires = std::nullopt;
  std::string account_id = {};  ///< Empty: not told.
};

/// Immutable, so that key and secret of two generations never meet in one signature.
using SharedCredentials = std::shared_ptr<const Credentials>;

/// One place where credentials may be found. Asked by `CredentialsProvider` alone, which keeps what
/// it gives: one question at a time, on one strand.
class CredentialsSource {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  CredentialsSource() = default;
  CredentialsSource(const CredentialsSource&) = delete;
  CredentialsSource& operator=(const CredentialsSource&) = delete;
  virtual ~CredentialsSource() = default;

  /// What goes into messages: "the environment", "profile dev".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Nothing: this place is not set up, ask the next. An error: it is, but does not work, and
  /// asking on would answer with somebody else's credentials. Ends by the deadline.
  [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<Credentials>>> fetch(
      Deadline deadline) = 0;
};

}  // namespace semantrix::aws
