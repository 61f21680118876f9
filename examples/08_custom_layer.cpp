// Behaviour around any store: a layer overrides what it changes and forwards the rest.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>

#include <iostream>
#include <memory>
#include <string_view>

// Tells which prompts were not in the cache, so that they can be warmed up next time.
class MissLog final : public semantrix::Layer {
 public:
  using Layer::Layer;

 protected:
  // A store in memory answers here, at once; a networked one answers in do_get.
  semantrix::Probe<std::optional<semantrix::Value>> probe_get(std::string_view key) override {
    auto answer = Layer::probe_get(key);
    if (answer) note(key, *answer);
    return answer;
  }

  semantrix::awaitable<semantrix::Result<std::optional<semantrix::Value>>> do_get(
      std::string_view key) override {
    auto answer = co_await Layer::do_get(key);
    note(key, answer);
    co_return answer;
  }

 private:
  static void note(std::string_view key,
                   const semantrix::Result<std::optional<semantrix::Value>>& answer) {
    if (answer.has_value() && !answer->has_value()) std::cout << "missed: " << key << '\n';
  }
};

int main() {
  auto memory = std::make_shared<semantrix::InMemoryStore>();
  semantrix::BlockingStore store(std::make_shared<MissLog>(memory));

  store.add("known", "1");
  (void)store.get_exact("known");
  (void)store.get_exact("unknown");
}

//> missed: unknown
