// What the common interface costs over the engine: the same hit through MemoryCache::get,
// BlockingStore, an awaited get_exact, and the same through layers. Each iteration is one batch of
// 10,000 calls; the rate is calls a second.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace semantrix {
namespace {

constexpr std::int64_t batch = 10'000;

/// A few keys, all of them hits in the first cache: the engine's share is as small as it gets.
class Keys {
 public:
  Keys() {
    for (std::size_t i = 0; i != keys_.size(); ++i) keys_[i] = "prompt:" + std::to_string(i);
  }
  void fill(MemoryCache& cache) const {
    for (const std::string& key : keys_) cache.add(key, std::string_view("an answer")).value();
  }
  [[nodiscard]] const std::string& operator[](std::int64_t i) const {
    return keys_[static_cast<std::size_t>(i) % keys_.size()];
  }

 private:
  std::array<std::string, 64> keys_;
};

class Plain final : public Layer {
 public:
  using Layer::Layer;
};

/// A store whose probe has no answer, so that the verb's coroutines run; nothing suspends in them.
class Unready final : public Layer {
 public:
  using Layer::Layer;

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
};

struct Fixture {
  Fixture() : memory(std::make_shared<InMemoryStore>()) { keys.fill(memory->cache()); }

  [[nodiscard]] std::shared_ptr<CacheStore> layered(int layers) const {
    std::shared_ptr<CacheStore> store = memory;
    for (int i = 0; i != layers; ++i) store = std::make_shared<Plain>(std::move(store));
    return store;
  }

  Keys keys;
  std::shared_ptr<InMemoryStore> memory;
};

void synchronous_get(benchmark::State& state) {
  Fixture fixture;
  MemoryCache& cache = fixture.memory->cache();
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = cache.get(fixture.keys[i]);
      benchmark::DoNotOptimize(value);
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(synchronous_get);

void blocking_get(benchmark::State& state) {
  Fixture fixture;
  BlockingStore store(fixture.memory);
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = store.get_exact(fixture.keys[i]);
      benchmark::DoNotOptimize(value);
    }
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(blocking_get);

/// As a server does it: a coroutine on an io_context. It goes back to the loop after each batch.
awaitable<void> awaited_batches(benchmark::State& state, CacheStore& store, const Keys& keys) {
  const auto executor = co_await boost::asio::this_coro::executor;
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = co_await store.get_exact(keys[i]);
      benchmark::DoNotOptimize(value);
    }
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
  }
}

void run_awaited(benchmark::State& state, CacheStore& store, const Keys& keys) {
  boost::asio::io_context context{1};
  boost::asio::co_spawn(context, awaited_batches(state, store, keys), boost::asio::detached);
  context.run();
  state.SetItemsProcessed(state.iterations() * batch);
}

void awaited_get(benchmark::State& state) {
  Fixture fixture;
  const auto store = fixture.layered(static_cast<int>(state.range(0)));
  run_awaited(state, *store, fixture.keys);
}
BENCHMARK(awaited_get)->ArgName("layers")->Arg(0)->Arg(1)->Arg(3);

void awaited_get_by_coroutines(benchmark::State& state) {
  Fixture fixture;
  Unready store(fixture.memory);
  run_awaited(state, store, fixture.keys);
}
BENCHMARK(awaited_get_by_coroutines);

/// The least that any awaited call costs: a coroutine of Asio's that has the value already.
awaitable<std::optional<Value>> at_hand(MemoryCache& cache, std::string_view key) {
  co_return cache.get(key);
}

awaitable<void> floor_batches(benchmark::State& state, MemoryCache& cache, const Keys& keys) {
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = co_await at_hand(cache, keys[i]);
      benchmark::DoNotOptimize(value);
    }
  }
}

void bare_coroutine(benchmark::State& state) {
  Fixture fixture;
  boost::asio::io_context context{1};
  boost::asio::co_spawn(context, floor_batches(state, fixture.memory->cache(), fixture.keys),
                        boost::asio::detached);
  context.run();
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(bare_coroutine);

}  // namespace
}  // namespace semantrix
