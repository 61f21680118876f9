#include "layers/tags_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

namespace semantrix {
namespace {

constexpr std::size_t time_digits = 12;
constexpr std::size_t random_digits = 15;

MemoryOptions known_options(const TagsOptions& options) {
  MemoryOptions memory;
  memory.max_size = options.max_tags;
  memory.eviction_policy = EvictionPolicy::lru;
  memory.clock = options.clock;
  return memory;
}

/// Milliseconds since 1970, or nothing if it is no generation.
std::optional<std::uint64_t> time_of(std::string_view generation) {
  if (generation.size() != time_digits + 1 + random_digits) return std::nullopt;
  std::uint64_t time = 0;
  const char* const end = generation.data() + time_digits;
  const auto read = std::from_chars(generation.data(), end, time, 16);
  if (read.ec != std::errc() || read.ptr != end || *end != '-') return std::nullopt;
  return time;
}

/// Not from a generator with a state, which a `fork` would repeat.
std::uint64_t random_bits() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

TagsLayer::State::State(const TagsOptions& options)
    : clock_(options.clock ? options.clock : system_clock()), known_(known_options(options)) {}

bool TagsLayer::State::trusts(std::string_view tag, const Value& generation) {
  if (!time_of(generation)) return false;
  const std::lock_guard lock(mutex_);
  const std::optional<Value> known = known_.get(tag);
  if (known && known->view() > generation.view()) return false;
  // What finds no room is forgotten, which costs only the knowledge of repeated writes.
  if (!known || *known != generation) static_cast<void>(known_.add(tag, generation));
  return true;
}

Value TagsLayer::State::fresh(std::string_view tag, const Found& current) {
  const std::lock_guard lock(mutex_);
  auto time = static_cast<std::uint64_t>(clock_->wall_now().count());
  for (const Found& older : {known_.get(tag), current}) {
    const auto passed = older ? time_of(*older) : std::nullopt;
    if (passed) time = std::max(time, *passed + 1);
  }
  constexpr std::uint64_t random_mask = (std::uint64_t{1} << (4 * random_digits)) - 1;
  Value generation(fmt::format("{:0{}x}-{:0{}x}", time, time_digits, random_bits() & random_mask,
                               random_digits));
  static_cast<void>(known_.add(tag, generation));
  return generation;
}

TagsLayer::Settled TagsLayer::State::read(Values stored) {
  Settled settled(stored.size());
  for (std::size_t i = 0; i != stored.size(); ++i) {
    if (!stored[i]) continue;
    Result<layers::TaggedValue> tagged = layers::unwrapped(std::move(*stored[i]));
    if (tagged) {
      settled[i] = std::move(*tagged);
    } else {
      corrupt_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return settled;
}

bool TagsLayer::State::holds(const layers::TaggedValue& tagged,
                             const std::vector<std::string>& tags, const Values& generations) {
  for (std::size_t i = 0; i != tagged.tags.size(); ++i) {
    const auto at = std::lower_bound(tags.begin(), tags.end(), tagged.tags[i]);
    const Found& current = generations[static_cast<std::size_t>(at - tags.begin())];
    if (!current || current->view() != tagged.generations[i]) return false;
    if (!trusts(tagged.tags[i], *current)) return false;
  }
  return true;
}

void TagsLayer::State::drop_invalidated(Settled& settled, const std::vector<std::string>& tags,
                                        const Values& generations) {
  for (std::optional<layers::TaggedValue>& tagged : settled) {
    if (!tagged || holds(*tagged, tags, generations)) continue;
    tagged.reset();
    withheld_.fetch_add(1, std::memory_order_relaxed);
  }
}

void TagsLayer::State::count_generations(const Values& found) noexcept {
  const auto there = static_cast<std::uint64_t>(
      std::count_if(found.begin(), found.end(), [](const Found& one) { return one.has_value(); }));
  hits_.fetch_add(there, std::memory_order_relaxed);
  misses_.fetch_add(found.size() - there, std::memory_order_relaxed);
}

Result<Stats> TagsLayer::State::counted(Result<Stats> stats) const {
  if (!stats) return stats;
  const auto value = [](const std::atomic<std::uint64_t>& count) {
    return count.load(std::memory_order_relaxed);
  };
  const std::uint64_t corrupt = value(corrupt_);
  const std::uint64_t held_back = value(withheld_) + corrupt;
  stats->hits -= std::min(stats->hits, held_back + value(hits_) + value(asked_again_));
  stats->misses -= std::min(stats->misses, value(misses_));
  stats->misses += held_back;
  stats->corrupt += corrupt;
  stats->adds -= std::min(stats->adds, value(adds_));
  return stats;
}

}  // namespace semantrix
