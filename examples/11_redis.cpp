// Redis and ElastiCache: a shared cache that never keeps a request waiting, and never fails it.
//
//   example_11_redis 127.0.0.1:6379
#include <semantrix/blocking_store.hpp>
#include <semantrix/elasticache_store.hpp>

#include <chrono>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  semantrix::ElastiCacheOptions options;
  options.endpoint = argc > 1 ? argv[1] : "127.0.0.1:6379";
  options.key_prefix = "example:";
  options.default_ttl = 24h;
  // A model's answer takes seconds: what the cache cannot tell within a quarter of one is a miss.
  options.network.deadline = 250ms;
  options.network.on_error = semantrix::OnError::miss;
  semantrix::BlockingStore store(std::make_shared<semantrix::ElastiCacheStore>(options));

  store.add("What is a cache?", "A shelf for answers.");
  store.batch_add({{"one", "1"}, {"two", "2"}});

  std::cout << store.get_exact("What is a cache?").value().view() << '\n';
  for (const auto& value : store.batch_get({"one", "two", "three"})) {
    std::cout << (value ? value->view() : "nothing") << '\n';
  }
  std::cout << "entries under this prefix: " << store.size() << '\n';
  store.clear();

  // Nobody listens there: the read is a miss, and the statistics say why.
  options.endpoint = "127.0.0.1:1";
  semantrix::BlockingStore away(std::make_shared<semantrix::ElastiCacheStore>(options));
  std::cout << "found: " << away.get_exact("one").has_value() << '\n';
  std::cout << "errors: " << away.get_stats().error_count() << '\n';
}

//> A shelf for answers.
//> 1
//> 2
//> nothing
//> entries under this prefix: 3
//> found: 0
//> errors: 1
