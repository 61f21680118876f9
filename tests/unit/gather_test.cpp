#include "net/gather.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <future>
#include <stdexcept>
#include <vector>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// Gives way so many times, then counts.
awaitable<void> part(int turns, std::atomic<int>& ended) {
  const auto executor = co_await asio::this_coro::executor;
  for (int i = 0; i != turns; ++i) {
    auto turn = asio::post(executor, asio::use_awaitable);
    co_await std::move(turn);
  }
  ++ended;
}

awaitable<void> refuse() {
  throw std::runtime_error("no");
  co_return;
}

TEST(Gather, of_nothing_comes_back) {
  asio::io_context context;
  auto done = asio::co_spawn(context, gather({}), asio::use_future);
  context.run();
  EXPECT_NO_THROW(done.get());
}

TEST(Gather, comes_back_when_the_last_has_ended) {
  asio::io_context context;
  std::atomic<int> ended{0};
  std::vector<awaitable<void>> parts;
  for (int i = 0; i != 100; ++i) parts.push_back(part(i % 7, ended));
  auto done = asio::co_spawn(context, gather(std::move(parts)), asio::use_future);
  context.run();
  EXPECT_NO_THROW(done.get());
  EXPECT_EQ(ended, 100);
}

TEST(Gather, works_on_several_threads) {
  asio::thread_pool pool(4);
  std::atomic<int> ended{0};
  for (int round = 0; round != 50; ++round) {
    std::vector<awaitable<void>> parts;
    for (int i = 0; i != 20; ++i) parts.push_back(part(i % 3, ended));
    asio::co_spawn(pool, gather(std::move(parts)), asio::use_future).get();
    EXPECT_EQ(ended, (round + 1) * 20);
  }
  pool.join();
}

TEST(Gather, lets_all_end_before_it_throws_what_one_threw) {
  asio::io_context context;
  std::atomic<int> ended{0};
  std::vector<awaitable<void>> parts;
  parts.push_back(refuse());
  parts.push_back(part(5, ended));
  auto done = asio::co_spawn(context, gather(std::move(parts)), asio::use_future);
  context.run();
  EXPECT_THROW(done.get(), std::runtime_error);
  EXPECT_EQ(ended, 1);
}

}  // namespace
}  // namespace semantrix::net
