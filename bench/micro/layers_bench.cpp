// What a layer costs a get that goes through it: over a store that answers by coroutines, over one
// that answers at once, and the hit of a near cache. Each iteration is 10,000 calls; the rate is
// calls a second. bench/layers.py prints the table.
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/early_refresh.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/single_flight.hpp>
#include <semantrix/layers/stale_while_revalidate.hpp>
#include <semantrix/layers/tags.hpp>
#include <semantrix/layers/ttl_jitter.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix {
namespace {

constexpr std::int64_t batch = 10'000;

using Store = std::shared_ptr<CacheStore>;

/// Answers by a coroutine that does not suspend: what is left is the layers' own cost.
class Remote final : public Layer {
 public:
  Remote() : Layer(std::make_shared<InMemoryStore>()), capability_(Layer::capability()) {
    capability_.synchronous = false;
  }
  [[nodiscard]] const Capability& capability() const noexcept override { return capability_; }

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  Probe<std::optional<Entry>> probe_entry(std::string_view) override { return {}; }

 private:
  Capability capability_;
};

template <class Above>
Store over(Store below) {
  return std::make_shared<Above>(std::move(below));
}

Store limited(Store below) {
  RateLimitOptions options;
  options.per_second = 1e9;
  return std::make_shared<RateLimitLayer>(std::move(below), options);
}

awaitable<void> gets(benchmark::State& state, CacheStore& store,
                     std::vector<std::string_view> tags) {
  AddOptions options;
  options.ttl = std::chrono::hours(24);
  options.tags = tags;
  co_await store.add("key", Value("an answer"), options);
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = co_await store.get_exact("key");
      benchmark::DoNotOptimize(value);
    }
  }
}

void run(benchmark::State& state, const Store& store, std::vector<std::string_view> tags = {}) {
  boost::asio::io_context context{1};
  boost::asio::co_spawn(context, gets(state, *store, std::move(tags)), boost::asio::detached);
  context.run();
  state.SetItemsProcessed(state.iterations() * batch);
}

Store memory() { return std::make_shared<InMemoryStore>(); }
Store remote() { return std::make_shared<Remote>(); }
Store three_layers(Store below) {
  return over<FailOpenLayer>(over<SingleFlightLayer>(over<NegativeCacheLayer>(std::move(below))));
}

void register_one(const char* name, Store (*wrap)(Store)) {
  const auto over_memory = [wrap](benchmark::State& state) { run(state, wrap(memory())); };
  const auto over_remote = [wrap](benchmark::State& state) { run(state, wrap(remote())); };
  benchmark::RegisterBenchmark((std::string("memory/") + name).c_str(), over_memory);
  benchmark::RegisterBenchmark((std::string("remote/") + name).c_str(), over_remote);
}

const bool registered = [] {
  register_one("nothing", [](Store below) { return below; });
  register_one("near_cache", over<NearCacheLayer>);
  register_one("single_flight", over<SingleFlightLayer>);
  register_one("stale_while_revalidate", over<StaleWhileRevalidateLayer>);
  register_one("early_refresh", over<EarlyRefreshLayer>);
  register_one("negative_cache", over<NegativeCacheLayer>);
  register_one("fail_open", over<FailOpenLayer>);
  register_one("rate_limit", limited);
  register_one("ttl_jitter", over<TtlJitterLayer>);
  register_one("metrics", over<MetricsLayer>);
  register_one("tags", over<TagsLayer>);
  register_one("three layers", three_layers);
  benchmark::RegisterBenchmark("remote/tags, of a tagged entry", [](benchmark::State& state) {
    run(state, over<TagsLayer>(remote()), {"tag"});
  });
  benchmark::RegisterBenchmark("remote/tags over near_cache, tagged", [](benchmark::State& state) {
    run(state, over<TagsLayer>(over<NearCacheLayer>(remote())), {"tag"});
  });
  return true;
}();

}  // namespace
}  // namespace semantrix
