#include "net/backoff.hpp"
#include "protocol/memcache/command.hpp"
#include "stores/memcached/decoders.hpp"
#include "stores/memcached/servers.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <utility>

/// The cluster's nodes, and how they are kept current.
namespace semantrix::memcached {
namespace {

using boost::asio::awaitable;

/// Between two questions that calls ask for, while a node cannot be reached.
constexpr net::Backoff refresh_backoff{std::chrono::milliseconds(500), std::chrono::seconds(10)};
/// So long after a refresh the next one is a new trouble's.
constexpr std::chrono::seconds at_rest(30);

std::minstd_rand& random() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return generator;
}

}  // namespace

void Servers::refresh_soon() {
  if (!is_cluster_ || refresh_wanted_.exchange(true)) return;
  boost::asio::post(strand_, [timer = timer_] { timer->cancel(); });
}

Servers::Clock::time_point Servers::next_refresh() {
  const auto now = Clock::now();
  if (!refresh_wanted_) return now + options_->discovery_period;
  refreshes_in_a_row_ = now - refreshed_ < at_rest ? refreshes_in_a_row_ + 1 : 0;
  return now + net::full_jitter(refresh_backoff, refreshes_in_a_row_, random());
}

std::vector<std::shared_ptr<Node>> Servers::informants() const {
  // The endpoint first: its name leads to a node that lives, whichever that is.
  std::vector<std::shared_ptr<Node>> nodes{seed_};
  if (const auto now = view()) nodes.insert(nodes.end(), now->nodes.begin(), now->nodes.end());
  std::shuffle(nodes.begin() + 1, nodes.end(), random());
  std::stable_partition(nodes.begin(), nodes.end(),
                        [](const auto& node) { return !node->is_down(); });
  return nodes;
}

awaitable<void> Servers::refresh() {
  const std::vector<std::shared_ptr<Node>> nodes = informants();
  for (const std::shared_ptr<Node>& node : nodes) {
    const std::string_view request = discovery_request(node->greeting().version);
    const auto encode = [request](net::OutputBuffer& out) { out.text().append(request); };
    auto asking = node->connection(CallKind::read)
                      .async_call(1, Clock::now() + options_->network.connect_timeout,
                                  ClusterDecoder(), encode, boost::asio::deferred);
    const auto answer = co_await std::move(asking);
    if (!answer || !*answer) continue;
    static_cast<void>(install(**answer));
    co_return;
  }
}

awaitable<void> Servers::follow(std::weak_ptr<Servers> weak,
                                std::shared_ptr<boost::asio::steady_timer> timer) {
  boost::system::error_code ignored;
  for (;;) {
    std::shared_ptr<Servers> self = weak.lock();
    if (!self || self->closed_) co_return;
    const bool asked_for = self->refresh_wanted_;
    timer->expires_at(self->next_refresh());
    self.reset();
    auto waiting =
        timer->async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    co_await std::move(waiting);
    self = weak.lock();
    if (!self || self->closed_) co_return;
    if (!asked_for && self->refresh_wanted_) continue;
    auto refreshing = self->refresh();
    co_await std::move(refreshing);
    self->refreshed_ = Clock::now();
    self->refresh_wanted_ = false;
  }
}

}  // namespace semantrix::memcached
