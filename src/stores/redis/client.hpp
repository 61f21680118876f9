#pragma once

#include "stores/redis/client_options.hpp"
#include "stores/redis/commands.hpp"
#include "stores/redis/node.hpp"
#include "stores/redis/route.hpp"
#include "stores/redis/servers.hpp"
#include "stores/redis/trip.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace semantrix::redis {

/// Redis servers, with what stands between a call and its connection: the way to the right server,
/// the deadline, retries, the breaker. Thread-safe.
class Client {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Client(ClientOptions options) : means_(std::move(options)) {}
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends a request, again where that may help, and gives the decoder's answer.
  ///
  /// `encode(Commands&)` appends the commands, which are `replies`, and may be called several
  /// times. The error tells how many attempts were made and how far the last one came.
  template <class Decoder, class Encode>
  boost::asio::awaitable<Result<typename Decoder::Answer>> call(Route route, std::uint32_t replies,
                                                                Encode encode) {
    return go_on<Decoder>(trip(std::move(route)), std::nullopt, replies, std::move(encode));
  }

  // -- The same in two parts: a caller that is answered at once needs no coroutine here --

  [[nodiscard]] Trip trip(Route route) { return Trip(means_, std::move(route)); }

  /// One attempt, at the server that the trip chose last.
  template <class Decoder, class Encode>
  auto attempt(Trip& trip, std::uint32_t replies, const Encode& encode) {
    const bool asking = trip.asking();
    const auto write = [&encode, asking](net::OutputBuffer& out) {
      Commands commands(out, asking);
      encode(commands);
    };
    return trip.node()
        .connection(trip.kind())
        .async_call(asking ? 2 * replies : replies, trip.deadline(), AskingDecoder<Decoder>(asking),
                    write, boost::asio::deferred);
  }

  /// All further attempts, after one that failed or before the first.
  template <class Decoder, class Encode>
  boost::asio::awaitable<Result<typename Decoder::Answer>> go_on(Trip trip,
                                                                 std::optional<Error> failure,
                                                                 std::uint32_t replies,
                                                                 Encode encode) {
    for (;;) {
      if (failure) {
        if (!trip.goes_on(*failure)) co_return trip.error();
        failure.reset();
        if (trip.pause().count() != 0) {
          auto waiting = wait(trip.pause());
          co_await std::move(waiting);
        }
      }
      if (!trip.next()) co_return trip.error();
      if (!servers().known()) {
        auto learning = servers().async_learn(trip.deadline(), boost::asio::deferred);
        const Result<void> learnt = co_await std::move(learning);
        if (!learnt) failure = learnt.error();
        continue;
      }
      auto attempted = attempt<Decoder>(trip, replies, encode);
      Result<typename Decoder::Answer> answer = co_await std::move(attempted);
      if (answer) {
        trip.succeeded();
        co_return answer;
      }
      failure = answer.error();
    }
  }

  /// The servers that together hold all keys.
  boost::asio::awaitable<Result<std::vector<std::shared_ptr<Node>>>> primaries();
  /// Makes sure that `is_cluster` is right.
  boost::asio::awaitable<Result<void>> learn();
  [[nodiscard]] bool is_cluster() const noexcept { return means_.servers->is_cluster(); }

  [[nodiscard]] Servers& servers() noexcept { return *means_.servers; }
  [[nodiscard]] std::uint64_t retries() const noexcept {
    return means_.retrying.retries.load(std::memory_order_relaxed);
  }

  /// Fails what is under way. Does not block.
  void close() { servers().close(); }
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept { servers().forget(); }
  /// The same as `close`, and comes back when everything has ended.
  boost::asio::awaitable<void> closed() { return servers().closed(); }

 private:
  static boost::asio::awaitable<void> wait(std::chrono::nanoseconds pause);

  Means means_;
};

}  // namespace semantrix::redis
