// The parts that a call is made of, each alone and in a tight loop: "Time" is that of one.
//
//   hash_key/BYTES         the hash of a key of so many bytes, in the processor's cache
//   index_find             a find of a key that is there, among 100,000, in random order
//   sketch_add             one use counted, keys in random order, a sketch for 100,000 entries;
//                          its share of the halvings included
//   expiry_reschedule      unschedule and schedule, 100,000 slots of a wheel, due within an hour
//   compress, decompress   1 KB of prose, without a dictionary; "ratio" is stored to raw bytes
//   glob_match/KIND        one key of 45 bytes against a compiled pattern
#include "base/compression.hpp"
#include "base/glob.hpp"
#include "base/hash.hpp"
#include "eviction/frequency_sketch.hpp"
#include "memory/expiry_wheel.hpp"
#include "memory/index.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {
namespace {

using memory::Record;

constexpr std::uint32_t entries = 100'000;

constexpr std::string_view prose =
    "A cache keeps what was expensive to find, for as long as somebody is likely to ask for it "
    "again. "
    "A language model spends seconds on an answer that fits in a kilobyte; the second person who "
    "asks "
    "the same question should not wait for it, nor pay. So the program looks here first, with the "
    "model's name and the prompt as the key. If the answer is there it comes back within a "
    "microsecond, and nothing leaves the machine. If not, the model is asked as before, and what "
    "it "
    "says is put aside on the way out. Room is short, though: for each answer that comes in, "
    "another "
    "has to go, and the art lies in the choice. The oldest may still be everyone's favourite; the "
    "one "
    "that nobody has asked for since the morning may be the beginning of a report that runs each "
    "evening. Counting helps, as long as the counts fade, because yesterday's news is asked for "
    "often "
    "and then never again. And some answers must not be kept for long, however popular they are: "
    "the "
    "weather, a price, the name of whoever is on duty.";

/// Records with distinct 32-byte keys, in random order.
class Records {
 public:
  Records() {
    for (std::uint32_t id = 0; id < entries; ++id) {
      std::string key = std::to_string(id);
      key.resize(32, 'k');
      records_.push_back(Record::create({.key = key, .value = "v"}));
    }
    std::ranges::shuffle(records_, std::mt19937(1));
  }
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
  ~Records() {
    for (Record* record : records_) record->release();
  }
  [[nodiscard]] Record* operator[](std::uint32_t i) const { return records_[i]; }

 private:
  std::vector<Record*> records_;
};

std::uint32_t hash_of(std::string_view key) { return static_cast<std::uint32_t>(hash_key(key)); }

std::uint32_t after(std::uint32_t i) { return i + 1 == entries ? 0 : i + 1; }

void hash_key_of(benchmark::State& state) {
  std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    benchmark::DoNotOptimize(hash_key(key));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(hash_key_of)->Name("hash_key")->Arg(32)->Arg(1024);

void index_find(benchmark::State& state) {
  const Records records;
  memory::PageArena arena;
  memory::Index index(arena, entries);
  for (std::uint32_t i = 0; i < entries; ++i) index.insert(hash_of(records[i]->key()), records[i]);
  std::vector<std::uint32_t> hashes;
  std::vector<std::string> keys;
  for (std::uint32_t i = 0; i < entries; ++i) {
    keys.emplace_back(records[i]->key());
    hashes.push_back(hash_of(keys.back()));
  }
  std::uint32_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(index.find(hashes[i], keys[i]));
    i = after(i);
  }
}
BENCHMARK(index_find);

void sketch_add(benchmark::State& state) {
  eviction::FrequencySketch sketch;
  sketch.resize(entries);
  std::uint32_t hash = 0;
  for (auto _ : state) {
    sketch.add(hash);
    hash += 0x9E3779B9U;
  }
  benchmark::DoNotOptimize(sketch.estimate(0));
}
BENCHMARK(sketch_add);

void expiry_reschedule(benchmark::State& state) {
  constexpr std::int64_t start = 1'000'000;
  constexpr std::int64_t hour = 3'600'000;
  memory::ExpiryWheel wheel(start);
  wheel.reserve(entries);
  std::mt19937 random(1);
  std::vector<std::int64_t> deadlines;
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < entries; ++slot) {
    slots.push_back(slot);
    deadlines.push_back(start + 1 + static_cast<std::int64_t>(random()) % hour);
    wheel.schedule(slot, deadlines.back());
  }
  std::ranges::shuffle(slots, random);
  std::uint32_t i = 0;
  for (auto _ : state) {
    wheel.unschedule(slots[i]);
    wheel.schedule(slots[i], deadlines[i]);
    i = after(i);
  }
}
BENCHMARK(expiry_reschedule);

void compress(benchmark::State& state) {
  const auto once = compress_if_worth(prose);
  if (!once) return state.SkipWithError("the prose does not compress");
  for (auto _ : state) {
    auto frame = compress_if_worth(prose);
    benchmark::DoNotOptimize(frame);
  }
  state.counters["ratio"] = static_cast<double>(once->size()) / static_cast<double>(prose.size());
}
BENCHMARK(compress);

void decompress_prose(benchmark::State& state) {
  const auto frame = compress_if_worth(prose);
  if (!frame) return state.SkipWithError("the prose does not compress");
  for (auto _ : state) {
    auto text = decompress(*frame, nullptr, 2 * prose.size());
    if (!text || text->size() != prose.size()) return state.SkipWithError("another text came back");
    benchmark::DoNotOptimize(text);
  }
}
BENCHMARK(decompress_prose)->Name("decompress");

void glob_match(benchmark::State& state, std::string_view pattern) {
  const Glob glob(pattern);
  std::string key = "tenant-42:model-small:prompt:0123456789abcdef";
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    const bool matches = glob.matches(key);
    if (!matches) return state.SkipWithError("the pattern does not match");
    benchmark::ClobberMemory();
  }
}
BENCHMARK_CAPTURE(glob_match, prefix, "tenant-42:*");
BENCHMARK_CAPTURE(glob_match, infix, "*model-small*");
BENCHMARK_CAPTURE(glob_match, set, "tenant-[0-9][0-9]:model-*:prompt:*[!g-z]");

}  // namespace
}  // namespace semantrix
