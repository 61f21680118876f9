#include "eviction/ghost.hpp"

#include <algorithm>

namespace semantrix::eviction {
namespace {

constexpr std::uint32_t time_bits = 12;
constexpr std::uint32_t time_mask = (1U << time_bits) - 1;
// A quarter of the clock's circle: a cell is overwritten long before its time looks young again.
constexpr std::uint32_t most_ticks = (time_mask + 1) / 4;
// Four thirds as many cells as keys keep lines with more keys than average from forgetting early.
constexpr std::size_t keys_per_line = 12;

}  // namespace

void Ghost::resize(std::size_t capacity) {
  capacity_ = std::max<std::size_t>(capacity, 1);
  lines_.assign((capacity_ + keys_per_line - 1) / keys_per_line, Line{});
  lines_.shrink_to_fit();
  tick_length_ = static_cast<std::uint32_t>((capacity_ + most_ticks - 1) / most_ticks);
  ticks_remembered_ = static_cast<std::uint32_t>(capacity_ / tick_length_);
  in_tick_ = 0;
  now_ = 0;
}

Ghost::Place Ghost::place(std::uint32_t hash) const {
  std::uint64_t mixed = (hash + 0x9e3779b97f4a7c15ULL) * 0xd6e8feb86659fd93ULL;
  mixed ^= mixed >> 32;
  mixed *= 0xd6e8feb86659fd93ULL;
  const auto fingerprint = static_cast<Cell>((mixed & 0xfffff) | ((mixed & 0xfffff) == 0));
  return {static_cast<std::size_t>(((mixed >> 32) * lines_.size()) >> 32), fingerprint};
}

Ghost::Cell Ghost::age(Cell cell) const { return (now_ - cell) & time_mask; }

void Ghost::remember(std::uint32_t hash) {
  if (lines_.empty()) return;
  const Place at = place(hash);
  Cell* chosen = nullptr;
  std::uint32_t oldest = 0;
  for (Cell& cell : lines_[at.line].cells) {
    const std::uint32_t worth =
        cell == 0 || cell >> time_bits == at.fingerprint ? time_mask + 1 + (cell != 0) : age(cell);
    if (chosen == nullptr || worth > oldest) {
      chosen = &cell;
      oldest = worth;
    }
  }
  *chosen = at.fingerprint << time_bits | now_;
  if (++in_tick_ >= tick_length_) {
    in_tick_ = 0;
    now_ = (now_ + 1) & time_mask;
  }
}

bool Ghost::recall(std::uint32_t hash) {
  if (lines_.empty()) return false;
  const Place at = place(hash);
  for (Cell& cell : lines_[at.line].cells) {
    if (cell >> time_bits != at.fingerprint) continue;
    const bool fresh = age(cell) <= ticks_remembered_;
    cell = 0;
    return fresh;
  }
  return false;
}

}  // namespace semantrix::eviction
