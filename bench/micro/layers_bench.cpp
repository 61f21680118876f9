// What a layer costs a call that goes through it: a get over a store that answers by coroutines,
// and the hit of a near cache beside that of a store in memory. Each iteration is 10,000 calls; the
// rate is calls a second.
#include <semantrix/blocking_store.hpp>
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layers/fail_open.hpp>
#include <semantrix/layers/metrics.hpp>
#include <semantrix/layers/near_cache.hpp>
#include <semantrix/layers/negative_cache.hpp>
#include <semantrix/layers/rate_limit.hpp>
#include <semantrix/layers/single_flight.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace semantrix {
namespace {

constexpr std::int64_t batch = 10'000;

/// Answers by a coroutine that does not suspend: what is left is the layers' own cost.
class Remote final : public Layer {
 public:
  Remote() : Layer(std::make_shared<InMemoryStore>()) {}

 protected:
  Probe<std::optional<Value>> probe_get(std::string_view) override { return {}; }
  Probe<std::optional<Entry>> probe_entry(std::string_view) override { return {}; }
};

template <class Above>
std::shared_ptr<CacheStore> under() {
  return std::make_shared<Above>(std::make_shared<Remote>());
}

std::shared_ptr<CacheStore> limited() {
  RateLimitOptions options;
  options.per_second = 1e9;
  return std::make_shared<RateLimitLayer>(std::make_shared<Remote>(), options);
}

awaitable<void> gets(benchmark::State& state, CacheStore& store) {
  co_await store.add("key", Value("an answer"));
  for (auto _ : state) {
    for (std::int64_t i = 0; i != batch; ++i) {
      std::optional<Value> value = co_await store.get_exact("key");
      benchmark::DoNotOptimize(value);
    }
  }
}

void run(benchmark::State& state, const std::shared_ptr<CacheStore>& store) {
  boost::asio::io_context context{1};
  boost::asio::co_spawn(context, gets(state, *store), boost::asio::detached);
  context.run();
  state.SetItemsProcessed(state.iterations() * batch);
}

void memory_hit(benchmark::State& state) { run(state, std::make_shared<InMemoryStore>()); }
void remote_hit(benchmark::State& state) { run(state, std::make_shared<Remote>()); }
void near_hit(benchmark::State& state) { run(state, under<NearCacheLayer>()); }
void under_single_flight(benchmark::State& state) { run(state, under<SingleFlightLayer>()); }
void under_negative_cache(benchmark::State& state) { run(state, under<NegativeCacheLayer>()); }
void under_fail_open(benchmark::State& state) { run(state, under<FailOpenLayer>()); }
void under_metrics(benchmark::State& state) { run(state, under<MetricsLayer>()); }
void under_rate_limit(benchmark::State& state) { run(state, limited()); }

BENCHMARK(memory_hit);
BENCHMARK(near_hit);
BENCHMARK(remote_hit);
BENCHMARK(under_single_flight);
BENCHMARK(under_negative_cache);
BENCHMARK(under_fail_open);
BENCHMARK(under_metrics);
BENCHMARK(under_rate_limit);

}  // namespace
}  // namespace semantrix
