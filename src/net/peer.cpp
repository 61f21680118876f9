#include "net/peer.hpp"

namespace semantrix::net {

Error left_alone(const std::optional<Error>& last_failure) {
  if (!last_failure) return Error(ErrorCode::unavailable, "the server does not answer");
  ErrorInfo info = last_failure->info();
  info.message += "; not asked again for some seconds";
  info.phase = Phase::queued;
  return Error(std::move(info));
}

}  // namespace semantrix::net
