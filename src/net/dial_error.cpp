#include "net/dial_error.hpp"

#include "base/quote.hpp"

#include <boost/asio/error.hpp>

#include <utility>

namespace semantrix::net {

Error dial_error(ErrorCode code, bool retryable, std::string message, std::string remedy) {
  ErrorInfo info;
  info.code = code;
  info.message = std::move(message);
  info.remedy = std::move(remedy);
  info.retryable = retryable;
  info.phase = Phase::connecting;
  return Error(std::move(info));
}

Error does_not_resolve(const Endpoint& endpoint, std::string_view why) {
  std::string message = "host " + quote(endpoint.host) + " does not resolve";
  if (!why.empty()) message += ": " + std::string(why);
  return dial_error(ErrorCode::resolve_failed, true, std::move(message),
                    "check the host's spelling and this machine's DNS");
}

Error look_up_hangs(const Endpoint& endpoint) {
  return dial_error(ErrorCode::resolve_failed, true,
                    "host " + quote(endpoint.host) + " does not resolve in time",
                    "check this machine's DNS, or raise connect_timeout");
}

Error cannot_look_up(const Endpoint& endpoint) {
  return dial_error(ErrorCode::resolve_failed, true,
                    "host " + quote(endpoint.host) + " cannot be looked up: " +
                        "too many look-ups hang, or no thread or descriptor is left",
                    "check this machine's DNS and the process's limits");
}

Error cannot_connect(const Endpoint& endpoint, boost::system::error_code why) {
  const bool refused = why == boost::asio::error::connection_refused;
  return dial_error(ErrorCode::connect_failed, true,
                    "cannot connect to " + to_string(endpoint) + ": " + why.message(),
                    refused ? "check that the server runs and listens on this port"
                            : "check the host, the port and the network between");
}

Error no_answer(const Endpoint& endpoint) {
  return dial_error(ErrorCode::timeout, true, "no answer from " + to_string(endpoint) + " in time",
                    "check the port and the firewalls or security groups between, or raise "
                    "connect_timeout");
}

Error bad_server_name(const Endpoint& endpoint, std::string_view name) {
  return dial_error(ErrorCode::invalid_argument, false,
                    quote(name) + " cannot be the TLS server name of " + to_string(endpoint),
                    "set server_name to a host name or an address");
}

Error dial_cancelled(const Endpoint& endpoint) {
  return dial_error(ErrorCode::cancelled, false,
                    "connecting to " + to_string(endpoint) + " was cancelled", {});
}

}  // namespace semantrix::net
