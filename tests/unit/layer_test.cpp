// A layer passes on both halves of every verb; one that overrides a half changes that half alone.
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/testing/conformance/client.hpp>

#include <gtest/gtest.h>

#include <cctype>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace semantrix {
namespace {

using testing::conformance::await;

class PlainLayer final : public Layer {
 public:
  using Layer::Layer;
};

/// Counts what it sees of `get_exact`, in both halves, as a layer must that sees every call.
class CountingLayer final : public Layer {
 public:
  using Layer::Layer;
  int probed = 0;
  int awaited = 0;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view key) override {
    ++probed;
    return Layer::probe_get(key);
  }
  awaitable<Result<std::optional<Value>>> do_get(std::string_view key) override {
    ++awaited;
    return Layer::do_get(key);
  }
};

/// Has no answer at once, so that the coroutines of what is below run.
class UnreadyLayer final : public Layer {
 public:
  using Layer::Layer;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
};

/// Turns values into upper case on their way out.
class ShoutingLayer final : public Layer {
 public:
  using Layer::Layer;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view key) override {
    Probe<std::optional<Value>> answer = Layer::probe_get(key);
    if (!answer || !*answer || !**answer) return answer;
    std::string text = (**answer)->str();
    for (char& letter : text) letter = static_cast<char>(std::toupper(letter));
    return Result<std::optional<Value>>(Value(std::move(text)));
  }
};

TEST(Layer, has_the_capability_of_what_it_wraps) {
  const PlainLayer layer(std::make_shared<InMemoryStore>());
  EXPECT_EQ(&layer.capability(), &InMemoryStore::static_capability());
}

TEST(Layer, an_answer_at_once_costs_one_probe_and_no_coroutine) {
  auto counting = std::make_shared<CountingLayer>(std::make_shared<InMemoryStore>());
  PlainLayer top(counting);
  await(top.add("key", "value"));
  EXPECT_EQ(await(top.get_exact("key")), Value("value"));
  EXPECT_EQ(counting->probed, 1);
  EXPECT_EQ(counting->awaited, 0);
}

TEST(Layer, a_layer_without_an_answer_makes_those_below_suspend) {
  auto memory = std::make_shared<InMemoryStore>();
  auto counting = std::make_shared<CountingLayer>(memory);
  UnreadyLayer top(std::make_shared<PlainLayer>(counting));
  await(memory->add("key", "value"));
  EXPECT_EQ(await(top.get_exact("key")), Value("value"));
  EXPECT_EQ(await(top.get_exact("nobody")), std::nullopt);
  EXPECT_EQ(counting->probed, 0);
  EXPECT_EQ(counting->awaited, 2);
}

TEST(Layer, changes_only_what_it_overrides) {
  auto memory = std::make_shared<InMemoryStore>();
  ShoutingLayer layer(memory);
  await(layer.add("key", "value"));
  EXPECT_EQ(await(layer.get_exact("key")), Value("VALUE"));
  EXPECT_EQ(await(layer.get_exact("nobody")), std::nullopt);
  EXPECT_EQ(await(memory->get_exact("key")), Value("value"));
  EXPECT_EQ(await(layer.get_entry("key")).value().value, Value("value"));
}

}  // namespace
}  // namespace semantrix
