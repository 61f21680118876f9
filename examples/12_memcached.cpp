// Memcached: several servers that share the keys, with values and times beyond its own limits.
//
//   example_12_memcached 127.0.0.1:11211,127.0.0.1:11212
#include <semantrix/blocking_store.hpp>
#include <semantrix/elasticache_store.hpp>

#include <chrono>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

int main(int argc, char** argv) {
  semantrix::ElastiCacheOptions options;
  options.use_redis = false;
  options.endpoint = argc > 1 ? argv[1] : "127.0.0.1:11211";
  options.key_prefix = "example:";
  semantrix::BlockingStore store(std::make_shared<semantrix::ElastiCacheStore>(options));

  // A prompt is longer than a key of Memcached may be, an answer larger than an item.
  const std::string prompt(8'000, '?');
  store.add(prompt, std::string(3'000'000, '!'), {.ttl = 60 * 24h});
  const auto answer = store.get_entry(prompt).value();
  std::cout << answer.value.size() << " bytes, for "
            << std::chrono::ceil<std::chrono::days>(answer.ttl.value()).count() << " days\n";

  // One that failed does not take the others with it.
  const auto outcome = store.batch_add({{"one", "1"}, {"two", "2"}, {"", "has no key"}});
  std::cout << outcome.stored << " stored\n";
  for (const auto& failure : outcome.failures) {
    std::cout << "item " << failure.index << ": " << to_string(failure.error.code()) << '\n';
  }
  std::cout << store.clear() << " removed\n";
}

//> 3000000 bytes, for 60 days
//> 2 stored
//> item 2: invalid_argument
//> 3 removed
