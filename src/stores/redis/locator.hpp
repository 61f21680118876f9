#pragma once

#include "net/dial.hpp"
#include "net/endpoint.hpp"
#include <semantrix/elasticache_options.hpp>
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace semantrix::redis {

/// Where a server is, and as whom it is met.
struct Place {
  net::Destination destination;
  RedisCredentials credentials;
  std::uint64_t edition = 0;  ///< Of what is known: two places of one edition are the same.
};
/// Immutable: connections of several strands hold it.
using SharedPlace = std::shared_ptr<const Place>;

/// Finds servers that are known by a name of their own, whose addresses, authorities and passwords
/// change while a client lives. Asked at every connect. Thread-safe.
class Locator {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  Locator() = default;
  Locator(const Locator&) = delete;
  Locator& operator=(const Locator&) = delete;
  virtual ~Locator() = default;

  /// Where the server is that the client calls so; never null.
  [[nodiscard]] virtual boost::asio::awaitable<Result<SharedPlace>> locate(net::Endpoint endpoint,
                                                                           TimePoint deadline) = 0;
  /// There the server was not met, for that reason. True: `locate` will look again.
  [[nodiscard]] virtual bool doubt(const Place& place, const Error& why) = 0;
};

}  // namespace semantrix::redis
