#include "net/gather.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace semantrix::net {

namespace asio = boost::asio;

asio::awaitable<void> gather(std::vector<asio::awaitable<void>> parts) {
  if (parts.empty()) co_return;
  const auto executor = co_await asio::this_coro::executor;
  using Part = decltype(asio::co_spawn(executor, std::move(parts.front()), asio::deferred));
  std::vector<Part> spawned;
  spawned.reserve(parts.size());
  for (auto& part : parts) {
    spawned.push_back(asio::co_spawn(executor, std::move(part), asio::deferred));
  }
  auto group = asio::experimental::make_parallel_group(std::move(spawned));
  auto running = group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  const auto ended = co_await std::move(running);
  for (const std::exception_ptr& thrown : std::get<1>(ended)) {
    if (thrown) std::rethrow_exception(thrown);
  }
}

}  // namespace semantrix::net
