#include "eviction/frequency_sketch.hpp"

#include <algorithm>

namespace semantrix::eviction {
namespace {

constexpr std::size_t counts_per_entry_between_agings = 10;
constexpr std::uint64_t all_but_top_bits = 0x7777777777777777ULL;

/// Row `row` of a key: one of 32 counters in the row's quarter of the line.
struct Counter {
  unsigned word;
  unsigned shift;
};

Counter counter_of(std::uint64_t mixed, unsigned row) {
  const auto pick = static_cast<unsigned>(mixed >> (row * 5)) & 31U;
  return {row * 2 + (pick >> 4), (pick & 15U) * 4};
}

}  // namespace

void FrequencySketch::resize(std::size_t capacity) {
  capacity_ = std::max<std::size_t>(capacity, 1);
  const std::size_t bytes = capacity_ * bytes_per_entry;
  lines_.assign((bytes + sizeof(Line) - 1) / sizeof(Line), Line{});
  lines_.shrink_to_fit();
  counted_ = 0;
}

void FrequencySketch::add(std::uint32_t hash, std::uint32_t uses) {
  if (lines_.empty()) return;
  const std::uint64_t mixed = mix(hash);
  Line& line = lines_[line_of(mixed)];
  bool grew = false;
  for (unsigned row = 0; row < 4; ++row) {
    const auto [word, shift] = counter_of(mixed, row);
    const auto count = static_cast<std::uint32_t>(line.words[word] >> shift) & most;
    const std::uint32_t step = std::min(uses, most - count);
    line.words[word] += std::uint64_t{step} << shift;
    grew |= step != 0;
  }
  if (!grew) return;
  counted_ += uses;
  if (counted_ >= capacity_ * counts_per_entry_between_agings) age();
}

std::uint32_t FrequencySketch::estimate(std::uint32_t hash) const {
  if (lines_.empty()) return 0;
  const std::uint64_t mixed = mix(hash);
  const Line& line = lines_[line_of(mixed)];
  std::uint32_t least = most;
  for (unsigned row = 0; row < 4; ++row) {
    const auto [word, shift] = counter_of(mixed, row);
    least = std::min(least, static_cast<std::uint32_t>(line.words[word] >> shift) & most);
  }
  return least;
}

void FrequencySketch::age() {
  for (Line& line : lines_) {
    for (std::uint64_t& word : line.words) word = (word >> 1) & all_but_top_bits;
  }
  counted_ /= 2;
}

}  // namespace semantrix::eviction
