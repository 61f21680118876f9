#include "net/backoff.hpp"
#include "net/connection_errors.hpp"
#include "net/network_checks.hpp"
#include "protocol/resp/command.hpp"
#include "protocol/resp/slot.hpp"
#include "stores/redis/decoders.hpp"
#include "stores/redis/servers.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

/// The cluster's map of slots, and how it is kept current.
namespace semantrix::redis {
namespace {

using boost::asio::awaitable;

/// Between two questions that nothing has asked for.
constexpr std::chrono::seconds refresh_period(60);
/// Between two that calls ask for, while the cluster does not come to rest.
constexpr net::Backoff refresh_backoff{std::chrono::milliseconds(100), std::chrono::seconds(2)};
/// So long after a refresh the next one is a new trouble's.
constexpr std::chrono::seconds at_rest(5);

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

Error no_slots() {
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message = "the cluster serves no slot";
  info.remedy = "give its nodes their slots (redis-cli --cluster create, or --cluster fix)";
  info.retryable = true;
  info.phase = Phase::received;
  return Error(std::move(info));
}

/// What a node says of the cluster.
auto ask_slots(Node& node, Servers::Clock::time_point deadline) {
  const auto encode = [](net::OutputBuffer& out) {
    resp::append_command(out.text(), {"CLUSTER", "SLOTS"});
  };
  return node.connection(CallKind::read)
      .async_call(1, deadline, TopologyDecoder(node.endpoint().host), encode,
                  boost::asio::deferred);
}

}  // namespace

awaitable<Result<void>> Servers::refresh(Clock::time_point deadline) {
  std::optional<Error> failure;
  std::shared_ptr<const SlotMap> best;
  // A node that is cut off may know of itself alone: the answer that names most slots is taken.
  const std::vector<std::shared_ptr<Node>> nodes = informants();
  for (const std::shared_ptr<Node>& node : nodes) {
    const auto now = Clock::now();
    if (now >= deadline) break;
    auto asking = ask_slots(*node, std::min(deadline, now + options_->network.connect_timeout));
    const Result<std::vector<resp::SlotRange>> ranges = co_await std::move(asking);
    if (!ranges) {
      if (!failure) failure = ranges.error();
      continue;
    }
    auto slots = std::make_shared<const SlotMap>(*ranges);
    if (slots->covered() > (best ? best->covered() : 0)) best = std::move(slots);
    if (best && best->covered() == resp::slots) break;
  }
  if (best) {
    install(std::move(best));
    co_return Result<void>();
  }
  if (failure) co_return *failure;
  if (Clock::now() >= deadline) co_return net::out_of_time(Phase::connecting);
  co_return no_slots();
}

std::vector<std::shared_ptr<Node>> Servers::informants() const {
  std::vector<std::shared_ptr<Node>> nodes;
  if (const auto now = view()) {
    for (const Shard& shard : now->shards) {
      nodes.push_back(shard.primary);
      nodes.insert(nodes.end(), shard.replicas.begin(), shard.replicas.end());
    }
    std::ranges::shuffle(nodes, random());
    // Those that can be reached first: the others cost their timeout.
    std::stable_partition(nodes.begin(), nodes.end(),
                          [](const auto& node) { return !node->is_down(); });
  }
  if (std::ranges::find(nodes, seed_) == nodes.end()) nodes.push_back(seed_);
  return nodes;
}

void Servers::install(std::shared_ptr<const SlotMap> slots) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<View>();
  next->slots = std::move(slots);
  for (const SlotMap::Shard& shard : next->slots->shards()) {
    Shard& nodes = next->shards.emplace_back();
    nodes.primary = at_locked(shard.primary);
    for (const net::Endpoint& replica : shard.replicas) {
      nodes.replicas.push_back(at_locked(replica));
    }
  }
  retire(*next);
  view_ = std::move(next);
}

void Servers::retire(const View& view) {
  // Retired by an earlier refresh, so that no call is about to use it any more.
  std::erase_if(retired_, [](const std::shared_ptr<Node>& node) {
    if (node->in_flight() != 0) return false;
    node->close();
    return true;
  });
  std::erase_if(nodes_, [&](const auto& known) {
    const auto& node = known.second;
    const bool serves = std::ranges::any_of(view.shards, [&](const Shard& shard) {
      return shard.primary == node ||
             std::ranges::find(shard.replicas, node) != shard.replicas.end();
    });
    if (serves || node == seed_) return false;
    retired_.push_back(node);
    return true;
  });
}

void Servers::refresh_soon() {
  if (!is_cluster() || refresh_wanted_.exchange(true)) return;
  boost::asio::post(strand_, [timer = timer_] { timer->cancel(); });
}

Servers::Clock::time_point Servers::next_refresh(bool asked_for) {
  const auto now = Clock::now();
  if (!asked_for) return now;
  refreshes_in_a_row_ = now - refreshed_ < at_rest ? refreshes_in_a_row_ + 1 : 0;
  return now + net::full_jitter(refresh_backoff, refreshes_in_a_row_, random());
}

awaitable<void> Servers::follow(std::weak_ptr<Servers> weak,
                                std::shared_ptr<boost::asio::steady_timer> timer) {
  boost::system::error_code ignored;
  for (;;) {
    std::shared_ptr<Servers> self = weak.lock();
    if (!self || self->closed_) co_return;
    const bool asked_for = self->refresh_wanted_;
    timer->expires_at(asked_for ? self->next_refresh(true) : Clock::now() + refresh_period);
    self.reset();
    auto waiting =
        timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_await std::move(waiting);
    self = weak.lock();
    if (!self || self->closed_) co_return;
    if (!asked_for && self->refresh_wanted_) continue;
    self->refresh_wanted_ = false;
    auto refreshing =
        self->refresh(Clock::now() + net::effective_deadline(self->options_->network));
    const Result<void> refreshed = co_await std::move(refreshing);
    self->refreshed_ = Clock::now();
    if (!refreshed) self->refresh_wanted_ = true;
  }
}

}  // namespace semantrix::redis
