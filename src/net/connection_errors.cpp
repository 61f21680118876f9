#include "net/connection_errors.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace semantrix::net {
namespace {

Error retryable(ErrorCode code, std::string message, std::string remedy, Phase phase) {
  ErrorInfo info;
  info.code = code;
  info.message = std::move(message);
  info.remedy = std::move(remedy);
  info.retryable = true;
  info.phase = phase;
  return Error(std::move(info));
}

}  // namespace

Error malformed(std::string_view what) {
  return Error(ErrorCode::protocol_error,
               fmt::format("the server's answer is not its protocol: {}",
                           what.empty() ? "a reply that nobody asked for" : what),
               "check that the address and port are those of the server meant");
}

Error gone_silent() {
  return retryable(ErrorCode::timeout, "the server stopped answering",
                   "check the server's load and the network, or raise read_timeout", Phase::none);
}

Error out_of_step() {
  return retryable(ErrorCode::connection_lost,
                   "the connection was closed, for the server had not understood another call",
                   "try again", Phase::none);
}

Error out_of_time(Phase phase) {
  switch (phase) {
    case Phase::connecting:
      return retryable(ErrorCode::timeout, "no connection was made within the deadline",
                       "check that the server is up, or raise connect_timeout and deadline", phase);
    case Phase::queued:
      return retryable(ErrorCode::timeout, "the call could not be sent within its deadline",
                       "make fewer calls at once, or raise deadline", phase);
    default:
      return retryable(ErrorCode::timeout, "the server did not answer within read_timeout",
                       "check the server's load, or raise read_timeout", phase);
  }
}

Error overloaded() {
  return retryable(ErrorCode::overloaded, "too many calls are in flight on one connection",
                   "make fewer at once, or raise max_pool_connections", Phase::queued);
}

Error store_closed() { return Error(ErrorCode::closed, "the store was closed", "open a new one"); }

Error with_phase(const Error& error, Phase phase) {
  ErrorInfo info = error.info();
  info.phase = phase;
  return Error(std::move(info));
}

}  // namespace semantrix::net
