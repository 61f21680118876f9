// Without an event loop: the blocking twin of any store that a URL names.
#include <semantrix/blocking_store.hpp>
#include <semantrix/open.hpp>

#include <iostream>

int main() {
  semantrix::BlockingStore store(semantrix::open("memory://?max_size=2&eviction_policy=lru"));

  store.add("What is a cache?", "A small, fast memory.");
  store.add("What is a hit?", "An answer at hand.");
  (void)store.get_exact("What is a cache?");
  store.add("What is a miss?", "An answer to be fetched.");  // the least recently used leaves

  for (const auto* prompt : {"What is a cache?", "What is a hit?", "What is a miss?"}) {
    const auto answer = store.get_exact(prompt);
    std::cout << prompt << ' ' << (answer ? answer->view() : "(not cached)") << '\n';
  }

  try {
    store.add("", "an empty key is an error");
  } catch (const semantrix::CacheError& error) {
    std::cout << to_string(error.code()) << '\n';
  }
}

//> What is a cache? A small, fast memory.
//> What is a hit? (not cached)
//> What is a miss? An answer to be fetched.
//> invalid_argument
