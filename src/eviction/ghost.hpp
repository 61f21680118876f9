#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

/// The memory of keys that have left.
///
/// What: a set of fingerprints, each forgotten after a given number of further `remember`s.
/// Why: a key that returns soon after it left deserves a better place than a new one.
/// How: one cache line of 16 cells a key; a cell holds 20 bits of fingerprint (on top of the bits
/// that chose the line: one false memory in about 80,000 questions) and a coarse time of 12 bits.
/// A full line gives up its oldest cell.
/// Cost: 5.3 bytes for each key remembered; one cache line a question.
/// Paper: Yang et al., "FIFO queues are all you need for cache eviction", SOSP, 2023 (§4.1 the
/// ghost queue).
namespace semantrix::eviction {

class Ghost {
 public:
  /// Forgets everything and makes room for `capacity` keys.
  void resize(std::size_t capacity);

  [[nodiscard]] bool allocated() const { return !lines_.empty(); }

  /// Whether it has about the right size already, so that a resize would only forget.
  [[nodiscard]] bool suits(std::size_t capacity) const {
    return allocated() && capacity <= capacity_ && capacity >= capacity_ / 2;
  }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::size_t bytes() const { return lines_.size() * sizeof(Line); }

  void remember(std::uint32_t hash);

  /// Whether the key was remembered; if so, it is forgotten.
  bool recall(std::uint32_t hash);

  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const {
    if (allocated()) __builtin_prefetch(&lines_[place(hash).line]);
  }

 private:
  using Cell = std::uint32_t;  // fingerprint (20 bits, never 0) << 12 | time
  static constexpr std::uint32_t cells_per_line = 16;
  struct alignas(64) Line {
    std::array<Cell, cells_per_line> cells;
  };
  struct Place {
    std::size_t line;
    Cell fingerprint;
  };

  [[nodiscard]] Place place(std::uint32_t hash) const;
  [[nodiscard]] Cell age(Cell cell) const;

  std::vector<Line> lines_;
  std::size_t capacity_ = 0;
  std::uint32_t tick_length_ = 1;  // remembered keys a tick
  std::uint32_t ticks_remembered_ = 1;
  std::uint32_t in_tick_ = 0;
  Cell now_ = 0;
};

}  // namespace semantrix::eviction
