#pragma once

#include "net/call.hpp"
#include "net/call_queue.hpp"
#include "net/endpoint.hpp"
#include "net/handled_call.hpp"
#include "protocol/resp/reply.hpp"
#include "stores/redis/client_options.hpp"
#include "stores/redis/decoders.hpp"
#include "stores/redis/node.hpp"
#include "stores/redis/route.hpp"
#include "stores/redis/slot_map.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace semantrix::redis {

/// The servers of a client: one, perhaps with its replicas behind a name, or the nodes of a
/// cluster.
///
/// What the endpoint is shows when it is first reached. Of a cluster an immutable map of its slots
/// is kept. It is asked for anew, by one question at a time and ever less often, whenever a call
/// finds that it no longer holds, and once a minute. Thread-safe.
class Servers : public std::enable_shared_from_this<Servers> {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Servers(std::shared_ptr<const ClientOptions> options);

  /// Whether it was found out what the endpoint is. One load.
  [[nodiscard]] bool known() const noexcept { return kind_.load() != Kind::unknown; }
  [[nodiscard]] bool is_cluster() const noexcept { return kind_.load() == Kind::cluster; }

  /// Reaches the endpoint and learns what it is: void(Result<void>). All who wait share one
  /// attempt, whose deadline is the first one's.
  template <class Token>
  auto async_learn(Clock::time_point deadline, Token&& token) {
    auto initiation = [self = shared_from_this(), deadline](auto handler) {
      using Waiting = net::HandledCall<resp::Reply, ReachedDecoder, decltype(handler)>;
      auto* call =
          Waiting::create(ReachedDecoder(), std::move(handler), self->strand_.get_inner_executor());
      self->enlist(call, call->cancellation_slot(), deadline);
    };
    return boost::asio::async_initiate<Token, void(Result<void>)>(std::move(initiation), token);
  }

  /// Whom a call's attempt (from 0) asks; never null. Where nobody is known to have the slot, any
  /// node, which knows or says so.
  [[nodiscard]] std::shared_ptr<Node> pick(const Route& route, int attempt);

  /// The server that listens there, known before or not.
  [[nodiscard]] std::shared_ptr<Node> at(const net::Endpoint& endpoint);

  /// The server that the endpoint leads to.
  [[nodiscard]] Node& seed() noexcept { return *seed_; }

  /// Those that together hold all keys.
  [[nodiscard]] std::vector<std::shared_ptr<Node>> primaries() const;

  /// What is known of the cluster no longer holds: has it asked for in the background.
  void refresh_soon();

  /// Fails what is under way. Does not block.
  void close();
  /// The same, and comes back when everything has ended.
  boost::asio::awaitable<void> closed();
  /// In a child of `fork`: see `net::Connection::forget`.
  void forget() noexcept;

 private:
  enum class Kind : std::uint8_t { unknown, single, cluster };
  struct Shard {
    std::shared_ptr<Node> primary;
    std::vector<std::shared_ptr<Node>> replicas;
  };
  /// One state of the cluster.
  struct View {
    std::shared_ptr<const SlotMap> slots;
    std::vector<Shard> shards;  // as in `slots`
  };
  using Learner = net::Call<resp::Reply>;
  using Learners = net::CallQueue<Learner>;
  class Tether;

  [[nodiscard]] std::shared_ptr<const View> view() const;
  [[nodiscard]] std::shared_ptr<Node> pick_single(const Route& route, int attempt) const;
  [[nodiscard]] std::shared_ptr<Node> pick_any(const View& view, int attempt) const;
  [[nodiscard]] std::shared_ptr<Node> pick_reader(const Shard& shard, int attempt);
  [[nodiscard]] std::vector<std::shared_ptr<Node>> everyone() const;

  std::shared_ptr<Node> make(const net::Endpoint& endpoint) const;
  std::shared_ptr<Node> at_locked(const net::Endpoint& endpoint);

  void enlist(Learner* learner, boost::asio::cancellation_slot slot, Clock::time_point deadline);
  void leave(Learners::Ticket ticket);
  [[nodiscard]] std::vector<Learners::Left> dismiss();

  // On the strand.
  static boost::asio::awaitable<void> discover(Tether tether, Clock::time_point deadline);
  boost::asio::awaitable<Result<Kind>> identify(Clock::time_point deadline);
  boost::asio::awaitable<Result<void>> refresh(Clock::time_point deadline);
  static boost::asio::awaitable<void> follow(std::weak_ptr<Servers> weak,
                                             std::shared_ptr<boost::asio::steady_timer> timer);
  [[nodiscard]] Clock::time_point next_refresh(bool asked_for);
  [[nodiscard]] std::vector<std::shared_ptr<Node>> informants() const;
  void install(std::shared_ptr<const SlotMap> slots);
  void retire(const View& view);

  const std::shared_ptr<const ClientOptions> options_;
  const boost::asio::strand<boost::asio::any_io_executor> strand_;
  const std::shared_ptr<Node> seed_;
  const std::shared_ptr<Node> reader_;  // null: none
  std::atomic<Kind> kind_;
  std::atomic<std::uint32_t> turn_{0};
  std::atomic<bool> refresh_wanted_{false};
  std::atomic<bool> closed_{false};

  mutable std::mutex mutex_;  // guards what follows, up to the strand's own
  std::shared_ptr<const View> view_;
  std::map<net::Endpoint, std::shared_ptr<Node>> nodes_;
  /// No longer of the cluster: a call may still be under way there.
  std::vector<std::shared_ptr<Node>> retired_;
  Learners learners_;
  bool learning_ = false;

  // Touched on the strand alone.
  const std::shared_ptr<boost::asio::steady_timer> timer_;  // the next refresh
  Clock::time_point refreshed_;
  int refreshes_in_a_row_ = 0;
};

}  // namespace semantrix::redis
