#include "cli/doctor_dialing.hpp"

#include "cli/wait_for.hpp"
#include "net/dial.hpp"
#include "net/tls_context.hpp"
#include "net/tls_error.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <utility>

namespace semantrix::cli {
namespace {

/// Why no connection came about; nothing if one did.
boost::asio::awaitable<std::optional<Error>> try_dialing(
    net::Destination destination, std::chrono::steady_clock::time_point deadline) {
  auto dialing = net::dial(std::move(destination), deadline);
  const auto stream = co_await std::move(dialing);
  std::optional<Error> failure;
  if (!stream) failure = stream.error();
  co_return failure;
}

std::optional<Error> failure_of(net::Destination destination, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  return wait_for(try_dialing(std::move(destination), deadline));
}

}  // namespace

bool accepts_connections(const net::Endpoint& endpoint, std::chrono::milliseconds patience) {
  return !failure_of({.endpoint = endpoint}, patience);
}

bool speaks_tls(const net::Endpoint& endpoint, std::chrono::milliseconds patience) {
  const auto context = net::make_tls_context(TlsOptions{});
  if (!context) return false;
  const auto failure = failure_of({.endpoint = endpoint, .tls = *context}, patience);
  if (!failure) return true;
  // A certificate that is not trusted was shown by somebody who speaks TLS.
  return failure->code() == ErrorCode::tls_failed && !failure->info().retryable &&
         failure->message().find(net::speaks_no_tls) == std::string::npos;
}

bool may_be_unencrypted(const Error& error) noexcept {
  return error.code() == ErrorCode::timeout || error.code() == ErrorCode::connection_lost ||
         error.code() == ErrorCode::protocol_error;
}

Error not_encrypted(const Error& error, std::string_view remedy) {
  ErrorInfo info = error.info();
  info.code = ErrorCode::tls_failed;
  info.message = "the server speaks TLS, and the URL asks for a plain connection";
  info.remedy = remedy;
  return Error(std::move(info));
}

}  // namespace semantrix::cli
