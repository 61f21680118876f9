#pragma once

#include "protocol/memcache/command.hpp"
#include "stores/memcached/client_options.hpp"
#include "stores/memcached/decoders.hpp"
#include "stores/memcached/node.hpp"
#include "stores/memcached/servers.hpp"
#include "stores/memcached/trip.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace semantrix::memcached {

/// Memcached servers, with what stands between a call and its connection: the way to the right
/// server, the deadline, retries, the breaker. Thread-safe.
class Client {
  /// The cheapest request, for what the connection learns when it opens.
  static auto reach(Trip& trip) {
    const auto write = [](net::OutputBuffer& out) { out.text().append(memcache::version_request); };
    return trip.node()
        .connection(trip.kind())
        .async_call(1, trip.deadline(), ReachedDecoder(), write, boost::asio::deferred);
  }

 public:
  explicit Client(ClientOptions options) : means_(std::move(options)) {}
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Sends a request, again where that may help, and gives the decoder's answer.
  ///
  /// `encode(OutputBuffer&, memcache::Dialect)` appends the commands, which give `replies`, and may
  /// be called several times; `make()` makes the decoder. The error tells how many attempts were
  /// made and how far the last one came.
  template <class Make, class Encode>
  auto call(Route route, std::uint32_t replies, Make make, Encode encode) {
    return go_on(trip(std::move(route)), std::nullopt, replies, std::move(make), std::move(encode));
  }

  // -- The same in two parts: a caller that is answered at once needs no coroutine here --

  [[nodiscard]] Trip trip(Route route) { return {means_, std::move(route)}; }

  /// One attempt, at the server that the trip chose last and has arrived at.
  template <class Decoder, class Encode>
  auto attempt(Trip& trip, std::uint32_t replies, Decoder decoder, const Encode& encode) {
    const memcache::Dialect dialect = trip.node().dialect();
    const auto write = [&encode, dialect](net::OutputBuffer& out) { encode(out, dialect); };
    return trip.node()
        .connection(trip.kind())
        .async_call(replies, trip.deadline(), std::move(decoder), write, boost::asio::deferred);
  }

  /// All further attempts, after one that failed or before the first.
  template <class Make, class Encode>
  boost::asio::awaitable<Result<typename std::invoke_result_t<Make&>::Answer>> go_on(
      Trip trip, std::optional<Error> failure, std::uint32_t replies, Make make, Encode encode) {
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
      if (!trip.has_arrived()) {
        auto reaching = reach(trip);
        const Result<void> reached = co_await std::move(reaching);
        if (!reached) failure = reached.error();
        continue;
      }
      auto attempted = attempt(trip, replies, make(), encode);
      auto answer = co_await std::move(attempted);
      if (answer) {
        trip.succeeded();
        co_return answer;
      }
      failure = answer.error();
    }
  }

  /// The key's server, once it has said what it is.
  boost::asio::awaitable<Result<std::shared_ptr<Node>>> arrive(memcache::WireKey wire_key);
  /// Makes sure that the servers are known, and gives them.
  boost::asio::awaitable<Result<std::shared_ptr<const Servers::View>>> learn();
  /// Makes sure that the server has said what it is.
  boost::asio::awaitable<Result<void>> know(std::shared_ptr<Node> node);
  /// Has the server answer something, known or not.
  boost::asio::awaitable<Result<void>> ask(std::shared_ptr<Node> node);

  [[nodiscard]] Servers& servers() noexcept { return *means_.servers; }
  [[nodiscard]] const ClientOptions& options() const noexcept { return *means_.options; }
  [[nodiscard]] net::RetryMeans& retrying() noexcept { return means_.retrying; }
  [[nodiscard]] std::uint64_t retries() const noexcept {
    return means_.retrying.retries.load(std::memory_order_relaxed);
  }

  /// Fails what is under way. Does not block.
  void close() { servers().close(); }
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept { servers().forget(); }
  /// The same as `close`, and comes back when everything has ended.
  boost::asio::awaitable<void> closed() { return servers().closed(); }

  static boost::asio::awaitable<void> wait(std::chrono::nanoseconds pause);

 private:
  Means means_;
};

}  // namespace semantrix::memcached
