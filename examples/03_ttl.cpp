// Entries that expire, tried with a clock that moves when it is told to.
#include <semantrix/memory_cache.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <chrono>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

int main() {
  const auto clock = std::make_shared<semantrix::testing::FakeClock>();
  semantrix::MemoryCache cache({.max_size = 100, .default_ttl = 10min, .clock = clock});

  (void)cache.add("answer", "by default ten minutes");
  (void)cache.add("token", "one second", {.ttl = 1s});

  clock->advance(1s);
  std::cout << "token: " << cache.get("token").has_value() << '\n';
  std::cout << "answer: " << cache.entry("answer")->ttl->count() << " ms left\n";

  clock->advance(10min);
  std::cout << "entries: " << cache.size() << '\n';
}

//> token: 0
//> answer: 599000 ms left
//> entries: 0
