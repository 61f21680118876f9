#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// An estimate of how often a key was asked for lately, for keys that need not be resident.
///
/// What: a count-min sketch of four-bit counters. A key has four counters, all in one cache line;
/// its estimate is the least of them, and a use raises only the least (a conservative update: the
/// others already count too much). Each twenty uses for every entry of capacity all counters are
/// halved, so that the past fades.
/// Why: a new key may replace an old one only if it is asked for more often.
/// Cost: `bytes_per_entry` for each entry of capacity; one cache line a verb, and now and then a
/// sweep of the whole sketch.
/// Papers: Cormode and Muthukrishnan, "An improved data stream summary: the count-min sketch and
/// its applications", Journal of Algorithms, 2005; Estan and Varghese, "New directions in traffic
/// measurement and accounting", SIGCOMM, 2002 (the conservative update); Einziger, Friedman and
/// Manes, "TinyLFU: a highly efficient cache admission policy", ACM Transactions on Storage, 2017.
namespace semantrix::eviction {

class FrequencySketch {
 public:
  static constexpr std::size_t bytes_per_entry = 5;
  static constexpr std::uint32_t most = 15;

  /// Forgets everything and makes room for `capacity` entries.
  void resize(std::size_t capacity);

  [[nodiscard]] bool allocated() const { return !lines_.empty(); }

  /// Whether it has about the right size already, so that a resize would only forget.
  [[nodiscard]] bool suits(std::size_t capacity) const {
    return allocated() && capacity <= capacity_ && capacity >= capacity_ / 2;
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t bytes() const { return lines_.size() * sizeof(Line); }

  /// Counts `uses` of the key.
  void add(std::uint32_t hash, std::uint32_t uses = 1);

  /// 0 to `most`.
  [[nodiscard]] std::uint32_t estimate(std::uint32_t hash) const;

  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const {
    if (allocated()) __builtin_prefetch(&lines_[line_of(mix(hash))]);
  }

 private:
  struct alignas(64) Line {
    std::array<std::uint64_t, 8> words;
  };

  /// Shards split keys by bits of the same hash: every bit must matter to every choice below.
  static std::uint64_t mix(std::uint32_t hash) {
    std::uint64_t mixed = (hash + 0x2545f4914f6cdd1dULL) * 0x9fb21c651e98df25ULL;
    mixed ^= mixed >> 32;
    return mixed * 0x9fb21c651e98df25ULL;
  }
  [[nodiscard]] std::size_t line_of(std::uint64_t mixed) const {
    return static_cast<std::size_t>(((mixed >> 32) * lines_.size()) >> 32);
  }

  void age();

  std::vector<Line> lines_;
  std::size_t capacity_ = 0;
  std::size_t counted_ = 0;
};

}  // namespace semantrix::eviction
