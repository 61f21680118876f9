#include "stores/memcached/trip.hpp"

#include <utility>

namespace semantrix::memcached {

Means::Means(ClientOptions given)
    : options(std::make_shared<const ClientOptions>(std::move(given))),
      servers(Servers::of(options)),
      retrying(options->network) {}

bool Trip::next() {
  const auto view = means_.servers->view();
  if (route_.server) {
    node_ = route_.server;
  } else if (view && !route_.wire_key.empty()) {
    node_ = view->node_of(route_.wire_key);
  } else {
    node_ = means_.servers->seed();
  }
  arrived_ = view != nullptr && node_->known();
  if (node_->breaker().allow(net::Attempts::Clock::now())) return true;
  means_.servers->refresh_soon();
  attempts_.refused(node_->last_failure());
  return false;
}

bool Trip::goes_on(const Error& error) {
  attempts_.failed(error);
  node_->failed(error);
  switch (error.code()) {
    case ErrorCode::timeout:
    case ErrorCode::connect_failed:
    case ErrorCode::connection_lost:
    case ErrorCode::resolve_failed:
      means_.servers->refresh_soon();
      break;
    default:
      break;
  }
  // The server may have the write still before it, and execute it after a later one.
  if (route_.kind == CallKind::write && error.info().phase == Phase::sent) return false;
  return attempts_.retry();
}

}  // namespace semantrix::memcached
