// Many keys at once: one call, results in the caller's order, failures told item by item.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>

#include <chrono>
#include <iostream>
#include <memory>

using namespace std::chrono_literals;

int main() {
  semantrix::BlockingStore store(std::make_shared<semantrix::InMemoryStore>());

  const auto outcome = store.batch_add({{.key = "en", .value = "hello"},
                                        {.key = "", .value = "no key"},
                                        {.key = "fr", .value = "salut"}},
                                       {.ttl = 1h});
  std::cout << outcome.stored << " stored\n";
  for (const auto& failure : outcome.failures) {
    std::cout << "item " << failure.index << ": " << to_string(failure.error.code()) << '\n';
  }

  for (const auto& value : store.batch_get({"fr", "de", "en", "fr"})) {
    std::cout << (value ? value->view() : "(not cached)") << '\n';
  }
  std::cout << store.batch_erase({"en", "de"}) << " erased\n";
}

//> 2 stored
//> item 1: invalid_argument
//> salut
//> (not cached)
//> hello
//> salut
//> 1 erased
