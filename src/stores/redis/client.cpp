#include "stores/redis/client.hpp"

#include "stores/redis/decoders.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace semantrix::redis {

using boost::asio::awaitable;

awaitable<Result<void>> Client::learn() {
  if (servers().known()) co_return Result<void>();
  // By way of a call, for its retries.
  const auto encode = [](Commands& commands) {
    commands.next().text().append("*1\r\n$4\r\nPING\r\n");
  };
  auto reaching = call<ReachedDecoder>(Route(), 1, encode);
  co_return co_await std::move(reaching);
}

awaitable<Result<std::vector<std::shared_ptr<Node>>>> Client::primaries() {
  auto learning = learn();
  const Result<void> learnt = co_await std::move(learning);
  if (!learnt) co_return learnt.error();
  co_return servers().primaries();
}

awaitable<void> Client::wait(std::chrono::nanoseconds pause) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause);
  boost::system::error_code ignored;
  auto waiting = timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  co_await std::move(waiting);
}

}  // namespace semantrix::redis
