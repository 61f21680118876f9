// One computation a key, however many threads ask for it at once.
#include <semantrix/memory_cache.hpp>

#include <atomic>
#include <iostream>
#include <thread>
#include <vector>

int main() {
  semantrix::MemoryCache cache({.max_size = 1000});
  std::atomic<int> model_calls = 0;

  auto ask = [&] {
    return cache.get_or_compute("Why is the sky blue?", [&] {
      ++model_calls;  // the slow and costly part
      return semantrix::Value("Rayleigh scattering.");
    });
  };

  std::vector<std::jthread> threads;
  threads.reserve(8);
  for (int index = 0; index < 8; ++index) threads.emplace_back(ask);
  threads.clear();  // joins

  std::cout << ask().view() << '\n' << model_calls << " call\n";
}

//> Rayleigh scattering.
//> 1 call
