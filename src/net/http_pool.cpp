#include "net/http_pool.hpp"

#include <boost/asio/dispatch.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace semantrix::net {
namespace {

/// How often requests that wait for a connection are looked at.
constexpr std::chrono::milliseconds tick{10};

}  // namespace

HttpPool::HttpPool(boost::asio::any_io_executor executor, HttpEndpoint endpoint,
                   HttpOptions options)
    : executor_(std::move(executor)),
      endpoint_(std::move(endpoint)),
      options_(options),
      host_(host_header(endpoint_)),
      strand_(boost::asio::make_strand(executor_)),
      timer_(strand_) {}

Destination HttpPool::destination() const {
  return {endpoint_.connect_to.value_or(endpoint_.endpoint), endpoint_.tls,
          endpoint_.connect_to ? endpoint_.endpoint.host : std::string()};
}

// -- Requests --

void HttpPool::submit(Exchange exchange) {
  requests_.fetch_add(1, std::memory_order_relaxed);
  std::vector<Connection> stale;
  Connection chosen;
  bool must_watch = false;
  {
    std::unique_lock lock(mutex_);
    if (closed_) {
      lock.unlock();
      return exchange->fail(store_closed());
    }
    chosen = take_idle(stale);
    if (!chosen) chosen = open();
    if (!chosen) {
      waiting_.push_back(std::move(exchange));
      must_watch = !std::exchange(watching_, true);
    }
  }
  for (const Connection& connection : stale) connection->close();
  if (chosen) return chosen->start(std::move(exchange));
  if (must_watch) watch_waiting();
}

void HttpPool::resubmit(Exchange exchange) {
  exchange->resent = true;
  exchange->phase = Phase::queued;
  resent_.fetch_add(1, std::memory_order_relaxed);
  Connection fresh;
  {
    const std::lock_guard lock(mutex_);
    // The others that rest may have ended as well. The one that did leaves room for this one.
    if (!closed_) fresh = open();
  }
  if (fresh) return fresh->start(std::move(exchange));
  submit(std::move(exchange));
}

HttpPool::Connection HttpPool::take_idle(std::vector<Connection>& stale) {
  const auto oldest = Clock::now() - options_.idle_timeout;
  // The one used last is last: if that has rested for too long, so have all.
  if (!idle_.empty() && idle_.back()->idle_since < oldest) std::swap(idle_, stale);
  if (idle_.empty()) return nullptr;
  Connection connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

HttpPool::Connection HttpPool::open() {
  if (connections_.size() >= options_.max_connections) return nullptr;
  connections_.push_back(std::make_shared<HttpConnection>(shared_from_this()));
  return connections_.back();
}

HttpPool::Exchange HttpPool::next_waiting() {
  while (!waiting_.empty()) {
    Exchange exchange = std::move(waiting_.front());
    waiting_.pop_front();
    if (exchange->is_awaited()) return exchange;
  }
  return nullptr;
}

// -- Connections --

void HttpPool::idle(const Connection& connection) {
  Exchange next;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    next = next_waiting();
    if (!next) {
      connection->idle_since = Clock::now();
      idle_.push_back(connection);
    }
  }
  if (next) connection->start(std::move(next));
}

void HttpPool::established() {
  connects_.fetch_add(1, std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  ++established_;
}

void HttpPool::forget(const Connection& connection) {
  std::erase(connections_, connection);
  std::erase(idle_, connection);
}

void HttpPool::ended(const Connection& connection) {
  Connection fresh;
  Exchange next;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    forget(connection);
    --established_;
    if (waiting_.empty()) return;
    next = next_waiting();
    if (next) fresh = open();
  }
  if (fresh) fresh->start(std::move(next));
}

void HttpPool::unreachable(const Connection& connection, const Error& why) {
  std::deque<Exchange> given_up;
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    forget(connection);
    if (established_ == 0) std::swap(given_up, waiting_);
  }
  for (const Exchange& exchange : given_up) exchange->fail(why);
}

// -- Time --

void HttpPool::watch_waiting() {
  boost::asio::dispatch(strand_, [self = shared_from_this()] {
    self->timer_.expires_after(tick);
    self->timer_.async_wait([self](boost::system::error_code stopped) {
      if (!stopped) self->expire_waiting();
    });
  });
}

void HttpPool::expire_waiting() {
  std::vector<Exchange> late;
  bool more = false;
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    const auto keeps = [&](const Exchange& exchange) {
      return exchange->is_awaited() && exchange->deadline > now;
    };
    const auto first = std::stable_partition(waiting_.begin(), waiting_.end(), keeps);
    late.assign(first, waiting_.end());
    waiting_.erase(first, waiting_.end());
    more = !waiting_.empty();
    watching_ = more;
  }
  for (const Exchange& exchange : late) exchange->fail(out_of_time(Phase::queued));
  if (more) watch_waiting();
}

// -- Ends --

void HttpPool::orphan() noexcept {
  std::deque<Exchange> left;
  std::vector<Connection> gone;
  std::vector<Connection> resting;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    std::swap(left, waiting_);
    std::swap(gone, connections_);
    std::swap(resting, idle_);
  }
  for (const Exchange& exchange : left) exchange->drop();
}

void HttpPool::close() {
  std::deque<Exchange> left;
  std::vector<Connection> open;
  std::vector<Connection> resting;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    std::swap(left, waiting_);
    std::swap(open, connections_);
    std::swap(resting, idle_);
  }
  for (const Exchange& exchange : left) exchange->fail(store_closed());
  for (const Connection& connection : open) connection->close();
}

void HttpPool::forget_sockets() noexcept {
  // A thread that is not here may hold the lock, in the middle of a change: better to leave the
  // sockets open than to look at that.
  if (!mutex_.try_lock()) return;
  for (const Connection& connection : connections_) connection->forget();
}

std::vector<HttpPool::Connection> HttpPool::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

HttpCounts HttpPool::counts() const {
  return {requests_.load(std::memory_order_relaxed), connects_.load(std::memory_order_relaxed),
          resent_.load(std::memory_order_relaxed)};
}

}  // namespace semantrix::net
