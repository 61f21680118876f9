#include "stores/memcached/client.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace semantrix::memcached {
namespace {

using boost::asio::awaitable;

ReachedDecoder reached() { return {}; }

void ask_version(net::OutputBuffer& out, memcache::Dialect /*dialect*/) {
  out.text().append(memcache::version_request);
}

}  // namespace

awaitable<Result<std::shared_ptr<Node>>> Client::arrive(memcache::WireKey wire_key) {
  for (;;) {
    if (const auto view = servers().view()) {
      const std::shared_ptr<Node>& node = view->node_of(wire_key.text());
      if (node->known()) co_return node;
    }
    // By way of a call, for its retries.
    Route route;
    route.wire_key = wire_key.text();
    auto reaching = call(std::move(route), 1, reached, ask_version);
    const Result<void> there = co_await std::move(reaching);
    if (!there) co_return there.error();
  }
}

awaitable<Result<std::shared_ptr<const Servers::View>>> Client::learn() {
  if (auto view = servers().view()) co_return view;
  // By way of a call, for its retries.
  auto reaching = call(Route(), 1, reached, ask_version);
  const Result<void> learnt = co_await std::move(reaching);
  if (!learnt) co_return learnt.error();
  co_return servers().view();
}

awaitable<Result<void>> Client::know(std::shared_ptr<Node> node) {
  if (node->known()) co_return Result<void>();
  auto asking = ask(std::move(node));
  co_return co_await std::move(asking);
}

awaitable<Result<void>> Client::ask(std::shared_ptr<Node> node) {
  Route route;
  route.server = std::move(node);
  auto reaching = call(std::move(route), 1, reached, ask_version);
  co_return co_await std::move(reaching);
}

awaitable<void> Client::wait(std::chrono::nanoseconds pause) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
  boost::system::error_code ignored;
  auto waiting = timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_await std::move(waiting);
}

}  // namespace semantrix::memcached
