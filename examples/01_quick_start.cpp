// The quick start: a bounded cache in memory behind the interface that every store has.
#include <semantrix/cache_store.hpp>
#include <semantrix/in_memory_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iostream>

using namespace std::chrono_literals;

semantrix::awaitable<void> use(semantrix::CacheStore& store) {
  co_await store.add("key1", "value1", {.ttl = 1h});

  const auto value = co_await store.get_exact("key1");
  std::cout << "Cached value: " << value.value().view() << '\n';

  const auto nothing = co_await store.get_exact("key2");
  std::cout << "A miss is an empty optional: " << !nothing.has_value() << '\n';

  const auto stats = co_await store.get_stats();
  std::cout << "Hit ratio: " << stats.hit_ratio() << '\n';
}

int main() {
  semantrix::InMemoryStore store({.max_size = 1000});
  boost::asio::io_context context;
  boost::asio::co_spawn(context, use(store), boost::asio::detached);
  context.run();
}

//> Cached value: value1
//> A miss is an empty optional: 1
//> Hit ratio: 0.5
