#include "stores/redis/servers.hpp"

#include "protocol/resp/slot.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace semantrix::redis {

Servers::Servers(std::shared_ptr<const ClientOptions> options)
    : options_(std::move(options)),
      strand_(boost::asio::make_strand(options_->executor)),
      seed_(make(options_->endpoint)),
      reader_(options_->reader ? make(*options_->reader) : nullptr),
      kind_(options_->cluster == ClusterMode::off ? Kind::single : Kind::unknown),
      timer_(std::make_shared<boost::asio::steady_timer>(strand_)) {
  nodes_.emplace(options_->endpoint, seed_);
}

std::shared_ptr<Node> Servers::make(const net::Endpoint& endpoint) const {
  auto node = std::make_shared<Node>(endpoint, options_);
  node->start();
  return node;
}

std::shared_ptr<const Servers::View> Servers::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

std::shared_ptr<Node> Servers::pick(const Route& route, int attempt) {
  if (route.server) return route.server;
  if (!is_cluster()) return pick_single(route, attempt);
  const std::shared_ptr<const View> view = this->view();
  if (route.key.empty()) return pick_any(*view, attempt);
  const auto index = view->slots->shard_of(resp::slot_of(route.prefix, route.key));
  if (!index) return pick_any(*view, attempt);
  const Shard& shard = view->shards[*index];
  const bool from_primary =
      route.kind != CallKind::read || options_->read_from == ReadFrom::primary;
  return from_primary ? shard.primary : pick_reader(shard, attempt);
}

std::shared_ptr<Node> Servers::pick_any(const View& view, int attempt) const {
  if (attempt == 0 || view.shards.empty()) return seed_;
  return view.shards[static_cast<std::size_t>(attempt) % view.shards.size()].primary;
}

std::shared_ptr<Node> Servers::pick_single(const Route& route, int attempt) const {
  const bool reads = known() && route.kind == CallKind::read && !route.key.empty();
  if (!reads || !reader_ || options_->read_from == ReadFrom::primary) return seed_;
  if (attempt > 0 || reader_->is_down()) return seed_;
  const bool is_farther = options_->read_from == ReadFrom::nearest && !seed_->is_down() &&
                          reader_->round_trip() > seed_->round_trip();
  return is_farther ? seed_ : reader_;
}

std::shared_ptr<Node> Servers::pick_reader(const Shard& shard, int attempt) {
  std::vector<std::shared_ptr<Node>> readers;
  for (const auto& replica : shard.replicas) {
    if (!replica->is_down()) readers.push_back(replica);
  }
  if (options_->read_from == ReadFrom::nearest) {
    if (readers.empty() || !shard.primary->is_down()) readers.push_back(shard.primary);
    std::stable_sort(readers.begin(), readers.end(), [](const auto& left, const auto& right) {
      return left->round_trip() < right->round_trip();
    });
    // One that was never reached is tried, for its distance to be known.
    return readers[static_cast<std::size_t>(attempt) % readers.size()];
  }
  if (static_cast<std::size_t>(attempt) >= readers.size()) return shard.primary;
  // Each attempt takes a turn, so that the next one asks another.
  return readers[turn_.fetch_add(1, std::memory_order_relaxed) % readers.size()];
}

std::shared_ptr<Node> Servers::at(const net::Endpoint& endpoint) {
  const std::lock_guard lock(mutex_);
  return at_locked(endpoint);
}

std::shared_ptr<Node> Servers::at_locked(const net::Endpoint& endpoint) {
  std::shared_ptr<Node>& node = nodes_[endpoint];
  if (!node) node = make(endpoint);
  if (closed_) node->close();
  return node;
}

std::vector<std::shared_ptr<Node>> Servers::primaries() const {
  const std::shared_ptr<const View> now = view();
  if (!now) return {seed_};
  std::vector<std::shared_ptr<Node>> primaries;
  for (const Shard& shard : now->shards) primaries.push_back(shard.primary);
  return primaries;
}

std::vector<std::shared_ptr<Node>> Servers::everyone() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Node>> everyone = retired_;
  for (const auto& [endpoint, node] : nodes_) everyone.push_back(node);
  if (reader_) everyone.push_back(reader_);
  return everyone;
}

void Servers::close() {
  closed_ = true;
  for (const auto& node : everyone()) node->close();
  boost::asio::post(strand_, [timer = timer_] { timer->cancel(); });
}

boost::asio::awaitable<void> Servers::closed() {
  close();
  const std::vector<std::shared_ptr<Node>> nodes = everyone();
  for (const auto& node : nodes) {
    for (const auto& connection : node->connections()) {
      auto reached = boost::asio::post(connection->executor(), boost::asio::use_awaitable);
      co_await std::move(reached);
    }
  }
}

void Servers::forget() noexcept {
  // A thread that is not here may hold the lock, in the middle of a change: better to leave the
  // sockets open than to look at that.
  if (!mutex_.try_lock()) return;
  for (const auto& [endpoint, node] : nodes_) node->forget();
  for (const auto& node : retired_) node->forget();
  if (reader_) reader_->forget();
}

}  // namespace semantrix::redis
