#include "stores/redis/servers.hpp"

#include "net/backoff.hpp"
#include "net/connection_errors.hpp"
#include "net/network_checks.hpp"
#include "protocol/resp/command.hpp"
#include "protocol/resp/slot.hpp"
#include "stores/redis/decoders.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

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

Error no_cluster() {
  return {ErrorCode::not_supported, "cluster=true, but the server is no cluster",
          "leave cluster at auto, or name a node of a cluster"};
}

Error no_reader() {
  return {ErrorCode::invalid_argument,
          "read_from asks for replicas, but the server is no cluster and no reader_endpoint is set",
          "set reader_endpoint, or read_from=primary"};
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

/// Whether the server does not do the command at all, or not for this user.
bool is_refusal(const Error& error) {
  return error.info().phase == Phase::received &&
         (error.code() == ErrorCode::protocol_error || error.code() == ErrorCode::not_supported ||
          error.code() == ErrorCode::permission_denied);
}

/// What a node says of the cluster.
awaitable<Result<std::vector<resp::SlotRange>>> ask_slots(Node& node,
                                                          Servers::Clock::time_point deadline) {
  const auto encode = [](net::OutputBuffer& out) {
    resp::append_command(out.text(), {"CLUSTER", "SLOTS"});
  };
  auto asking = node.connection(CallKind::read)
                    .async_call(1, deadline, TopologyDecoder(node.endpoint().host), encode,
                                boost::asio::deferred);
  co_return co_await std::move(asking);
}

}  // namespace

/// On the list of those who wait for as long as it lives.
struct Servers::Waiter {
  Waiter(std::vector<net::Latch*>& waiters, net::Latch& latch) : list(waiters), mine(&latch) {
    list.push_back(mine);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { std::erase(list, mine); }

  std::vector<net::Latch*>& list;
  net::Latch* const mine;
};

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

// -- Picking: from any thread --

std::shared_ptr<const Servers::View> Servers::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

std::shared_ptr<Node> Servers::pick(const Route& route, int attempt) {
  if (route.server) return route.server;
  if (!is_cluster()) return pick_single(route, attempt);
  const std::shared_ptr<const View> view = this->view();
  if (route.key.empty()) return pick_any(*view, attempt);
  const auto index = view->slots.shard_of(resp::slot_of(route.prefix, route.key));
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
  const bool is_farther =
      options_->read_from == ReadFrom::nearest && reader_->round_trip() > seed_->round_trip();
  return is_farther ? seed_ : reader_;
}

std::shared_ptr<Node> Servers::pick_reader(const Shard& shard, int attempt) {
  std::vector<std::shared_ptr<Node>> readers;
  for (const auto& replica : shard.replicas) {
    if (!replica->is_down()) readers.push_back(replica);
  }
  if (options_->read_from == ReadFrom::nearest) {
    readers.push_back(shard.primary);
    std::stable_sort(readers.begin(), readers.end(), [](const auto& left, const auto& right) {
      return left->round_trip() < right->round_trip();
    });
    // One that was never reached is tried, for its distance to be known.
    return readers[static_cast<std::size_t>(attempt) % readers.size()];
  }
  const std::size_t first = readers.empty() ? 0 : turn_.fetch_add(1, std::memory_order_relaxed);
  const auto next = static_cast<std::size_t>(attempt);
  if (next >= readers.size()) return shard.primary;
  return readers[(first + next) % readers.size()];
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

// -- Learning: on the strand --

awaitable<Result<void>> Servers::learn(Clock::time_point deadline) {
  auto learning = boost::asio::co_spawn(strand_, wait_until_known(shared_from_this(), deadline),
                                        boost::asio::use_awaitable);
  co_return co_await std::move(learning);
}

awaitable<Result<void>> Servers::wait_until_known(std::shared_ptr<Servers> self,
                                                  Clock::time_point deadline) {
  if (self->known()) co_return Result<void>();
  if (!std::exchange(self->learning_, true)) {
    // By itself, so that no caller's cancellation is another's.
    boost::asio::co_spawn(self->strand_, discover(self, deadline), boost::asio::detached);
  }
  net::Latch learnt(self->strand_, deadline);
  const Waiter waiter(self->waiters_, learnt);
  auto waiting = learnt.wait();
  co_await std::move(waiting);
  if (self->known()) co_return Result<void>();
  if (learnt.is_open() && self->not_learnt_) co_return *self->not_learnt_;
  co_return net::out_of_time(Phase::connecting);
}

awaitable<void> Servers::discover(std::shared_ptr<Servers> self, Clock::time_point deadline) {
  auto identifying = self->identify(deadline);
  const Result<Kind> kind = co_await std::move(identifying);
  self->learning_ = false;
  self->not_learnt_.reset();
  if (kind) {
    self->kind_ = *kind;
  } else {
    self->not_learnt_ = kind.error();
  }
  if (kind && *kind == Kind::cluster && !self->closed_) {
    boost::asio::co_spawn(self->strand_, follow(self, self->timer_), boost::asio::detached);
  }
  for (net::Latch* waiter : self->waiters_) waiter->open();
}

awaitable<Result<Servers::Kind>> Servers::identify(Clock::time_point deadline) {
  const auto encode = [](net::OutputBuffer& out) { resp::append_command(out.text(), {"PING"}); };
  auto reaching = seed_->connection(CallKind::read)
                      .async_call(1, deadline, ReachedDecoder(), encode, boost::asio::deferred);
  const Result<void> reached = co_await std::move(reaching);
  if (!reached) co_return reached.error();
  const std::string mode = seed_->greeting().mode;
  const bool must_be_cluster = options_->cluster == ClusterMode::on;
  const bool needs_cluster = options_->read_from != ReadFrom::primary && !reader_;
  if (!mode.empty() && mode != "cluster") {
    if (must_be_cluster) co_return no_cluster();
    if (needs_cluster) co_return no_reader();
    co_return Kind::single;
  }
  auto refreshing = refresh(deadline);
  const Result<void> refreshed = co_await std::move(refreshing);
  if (refreshed) co_return Kind::cluster;
  if (!mode.empty() || !is_refusal(refreshed.error())) co_return refreshed.error();
  // A server too old to say what it is, and without the command, is a server by itself.
  if (must_be_cluster) {
    const bool may_not_ask = refreshed.error().code() == ErrorCode::permission_denied;
    co_return may_not_ask ? refreshed.error() : no_cluster();
  }
  if (needs_cluster) co_return no_reader();
  co_return Kind::single;
}

awaitable<Result<void>> Servers::refresh(Clock::time_point deadline) {
  std::optional<Error> failure;
  std::optional<SlotMap> best;
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
    SlotMap slots(*ranges);
    if (slots.covered() != 0 && (!best || slots.covered() > best->covered())) {
      best = std::move(slots);
    }
    if (best && best->covered() == resp::slots) break;
  }
  if (best) {
    install(*best);
    co_return Result<void>();
  }
  if (failure) co_return *failure;
  co_return Clock::now() < deadline ? no_slots() : net::out_of_time(Phase::connecting);
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

void Servers::install(const SlotMap& slots) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<View>(View{slots, {}});
  for (const SlotMap::Shard& shard : slots.shards()) {
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

// -- Following: on the strand --

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

// -- The end --

void Servers::close() {
  closed_ = true;
  for (const auto& node : everyone()) node->close();
  boost::asio::post(strand_, [timer = timer_] { timer->cancel(); });
}

awaitable<void> Servers::closed() {
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
  // The parent's lock may be held by a thread that is not here.
  for (const auto& [endpoint, node] : nodes_) node->forget();
  for (const auto& node : retired_) node->forget();
  if (reader_) reader_->forget();
}

}  // namespace semantrix::redis
