// Single calls of MemoryCache, for each policy: NAME/POLICY.
//
// The cache is full: 100,000 entries, 32-byte keys, values of 256 B, asked for in random order, so
// that a call waits for memory as it would in a service. Each iteration is a batch of 10,000 calls
// (or of 10,000 keys); "each" is the time of one. One thread.
//
//   get_hit          a key that is there; the value's first byte is read
//   get_miss         a key that is not
//   add_new          a key that is not there, so that another entry is evicted
//   replace          an add of a key that is there
//   batch_get_100    a key, of batches of a hundred that are all there
#include <semantrix/memory_cache.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {
namespace {

constexpr std::uint64_t entries = 100'000;
constexpr std::uint64_t batch = 10'000;
const std::string value(256, 'v');

class Key {
 public:
  explicit Key(std::uint64_t id) {
    bytes_.fill('k');
    std::memcpy(bytes_.data(), &id, sizeof id);
  }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 32> bytes_;
};

/// Keys [first, first + entries) in random order; walks through them a batch at a time.
class Keys {
 public:
  explicit Keys(std::uint64_t first) {
    for (std::uint64_t id = 0; id < entries; ++id) keys_.emplace_back(first + id);
    std::ranges::shuffle(keys_, std::mt19937_64(1));
    for (const Key& key : keys_) views_.push_back(key.view());
  }
  std::span<const std::string_view> next() {
    const std::span<const std::string_view> batch_of_keys(views_.data() + at_, batch);
    at_ = (at_ + batch) % entries;
    return batch_of_keys;
  }

 private:
  std::vector<Key> keys_;
  std::vector<std::string_view> views_;
  std::size_t at_ = 0;
};

MemoryCache full_cache(EvictionPolicy policy) {
  MemoryCache cache({.max_size = entries, .eviction_policy = policy});
  for (std::uint64_t id = 0; id < entries; ++id) cache.add(Key(id).view(), value).value();
  return cache;
}

void count_calls(benchmark::State& state) {
  using benchmark::Counter;
  state.counters["each"] =
      Counter(static_cast<double>(state.iterations()) * static_cast<double>(batch),
              Counter::kIsRate | Counter::kInvert);
}

void get_hit(benchmark::State& state, EvictionPolicy policy) {
  MemoryCache cache = full_cache(policy);
  Keys keys(0);
  for (auto _ : state) {
    for (const std::string_view key : keys.next()) {
      const auto found = cache.get(key);
      benchmark::DoNotOptimize(found->data()[0]);
    }
  }
  count_calls(state);
}

void get_miss(benchmark::State& state, EvictionPolicy policy) {
  MemoryCache cache = full_cache(policy);
  Keys keys(entries);
  for (auto _ : state) {
    for (const std::string_view key : keys.next()) {
      auto found = cache.get(key);
      benchmark::DoNotOptimize(found);
    }
  }
  count_calls(state);
}

void add_new(benchmark::State& state, EvictionPolicy policy) {
  MemoryCache cache = full_cache(policy);
  std::uint64_t next = entries;
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < batch; ++i) cache.add(Key(next++).view(), value).value();
  }
  count_calls(state);
}

void replace(benchmark::State& state, EvictionPolicy policy) {
  MemoryCache cache = full_cache(policy);
  Keys keys(0);
  for (auto _ : state) {
    for (const std::string_view key : keys.next()) cache.add(key, value).value();
  }
  count_calls(state);
}

void batch_get_100(benchmark::State& state, EvictionPolicy policy) {
  constexpr std::size_t together = 100;
  MemoryCache cache = full_cache(policy);
  Keys keys(0);
  for (auto _ : state) {
    auto rest = keys.next();
    for (; !rest.empty(); rest = rest.subspan(together)) {
      auto values = cache.batch_get(rest.first(together));
      benchmark::DoNotOptimize(values.data());
    }
  }
  count_calls(state);
}

struct Call {
  std::string_view name;
  void (*measure)(benchmark::State& state, EvictionPolicy policy);
};

constexpr auto calls = std::to_array<Call>({{"get_hit", get_hit},
                                            {"get_miss", get_miss},
                                            {"add_new", add_new},
                                            {"replace", replace},
                                            {"batch_get_100", batch_get_100}});

bool register_all() {
  for (const Call& call : calls) {
    for (const EvictionPolicy policy : all_eviction_policies) {
      const std::string name = std::string(call.name) + "/" + std::string(to_string(policy));
      benchmark::RegisterBenchmark(name.c_str(), call.measure, policy);
    }
  }
  return true;
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
}  // namespace semantrix
