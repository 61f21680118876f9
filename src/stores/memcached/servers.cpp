#include "stores/memcached/servers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace semantrix::memcached {
namespace {

std::vector<memcache::Ketama::Server> named(const std::vector<net::Endpoint>& endpoints) {
  std::vector<memcache::Ketama::Server> servers;
  servers.reserve(endpoints.size());
  for (const net::Endpoint& endpoint : endpoints) {
    servers.push_back({endpoint.host, endpoint.port, 1});
  }
  return servers;
}

Error no_cluster() {
  return {ErrorCode::not_supported, "cluster=true, but the server names no cluster",
          "leave cluster at auto, or name the cluster's configuration endpoint"};
}

}  // namespace

Result<void> Servers::check_ring(const std::vector<net::Endpoint>& servers) {
  const auto ring = memcache::Ketama::of(named(servers));
  if (!ring) return ring.error();
  return {};
}

std::shared_ptr<Servers> Servers::of(std::shared_ptr<const ClientOptions> options) {
  std::shared_ptr<Servers> servers(new Servers(std::move(options)));
  servers->start();
  return servers;
}

Servers::Servers(std::shared_ptr<const ClientOptions> options)
    : options_(std::move(options)),
      strand_(boost::asio::make_strand(options_->executor)),
      timer_(std::make_shared<boost::asio::steady_timer>(strand_)) {}

bool Servers::may_be_cluster() const noexcept {
  return options_->servers.size() == 1 && options_->cluster != ClusterMode::off;
}

void Servers::start() {
  const net::Endpoint& first = options_->servers.front();
  if (!may_be_cluster()) {
    static_cast<void>(install(options_->servers, 0));
    seed_ = nodes_.at(first);
    return;
  }
  Node::Introduced introduced = [weak = weak_from_this()](const Greeting& greeting) {
    const auto self = weak.lock();
    return self ? self->introduced(greeting) : Result<void>(net::store_closed());
  };
  seed_ = std::make_shared<Node>(first, options_, std::move(introduced));
  seed_->start();
}

/// On the seed's strand, at every connect.
Result<void> Servers::introduced(const Greeting& greeting) {
  if (greeting.cluster) {
    Result<void> installed = install(*greeting.cluster);
    if (installed && !is_cluster_.exchange(true)) {
      boost::asio::co_spawn(strand_, follow(weak_from_this(), timer_), boost::asio::detached);
    }
    return installed;
  }
  if (view()) return {};
  if (options_->cluster == ClusterMode::on) return no_cluster();
  {
    const std::lock_guard lock(mutex_);
    nodes_.emplace(seed_->endpoint(), seed_);
  }
  return install(options_->servers, 0);
}

std::shared_ptr<const Servers::View> Servers::view() const {
  const std::lock_guard lock(mutex_);
  return view_;
}

Result<void> Servers::install(const memcache::ClusterConfiguration& configuration) {
  std::vector<net::Endpoint> endpoints;
  endpoints.reserve(configuration.nodes.size());
  for (const memcache::ClusterNode& node : configuration.nodes) {
    endpoints.push_back({node.host, node.port});
  }
  return install(endpoints, configuration.version);
}

Result<void> Servers::install(const std::vector<net::Endpoint>& endpoints, std::uint64_t version) {
  auto ring = memcache::Ketama::of(named(endpoints));
  if (!ring) return ring.error();
  const std::lock_guard lock(mutex_);
  // A node that was cut off may still tell of what is past.
  if (view_ && version <= view_->version) return {};
  auto next = std::make_shared<View>(View{version, std::move(*ring), {}});
  for (const net::Endpoint& endpoint : endpoints) next->nodes.push_back(at_locked(endpoint));
  retire_locked(*next);
  view_ = std::move(next);
  return {};
}

std::shared_ptr<Node> Servers::at_locked(const net::Endpoint& endpoint) {
  std::shared_ptr<Node>& node = nodes_[endpoint];
  if (!node) {
    node = std::make_shared<Node>(endpoint, options_);
    node->start();
  }
  if (closed_) node->close();
  return node;
}

void Servers::retire_locked(const View& view) {
  // Retired by an earlier refresh, so that no call is about to use it any more.
  std::erase_if(retired_, [](const std::shared_ptr<Node>& node) {
    if (node->in_flight() != 0) return false;
    node->close();
    return true;
  });
  std::erase_if(nodes_, [&](const auto& known) {
    if (std::ranges::find(view.nodes, known.second) != view.nodes.end()) return false;
    retired_.push_back(known.second);
    return true;
  });
}

std::vector<std::shared_ptr<Node>> Servers::everyone() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Node>> everyone = retired_;
  everyone.push_back(seed_);
  for (const auto& [endpoint, node] : nodes_) {
    if (node != seed_) everyone.push_back(node);
  }
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
  for (const auto& [endpoint, node] : nodes_) {
    if (node != seed_) node->forget();
  }
  for (const auto& node : retired_) node->forget();
  seed_->forget();
}

}  // namespace semantrix::memcached
