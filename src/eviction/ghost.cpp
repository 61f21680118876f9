#include "eviction/ghost.hpp"

#include <algorithm>
#include <bit>
#include <utility>

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
  Line& line = lines_[at.line];
  // No branch in the loops over a line, so that the compiler turns them into vector instructions.
  std::uint32_t worst = 0;
  for (std::uint32_t i = 0; i < cells_per_line; ++i) {
    const Cell cell = line.cells[i];
    const std::uint32_t old = cell == 0 ? time_mask : (now_ - cell) & time_mask;
    worst = std::max(worst, old * cells_per_line + i);
  }
  line.cells[worst % cells_per_line] = at.fingerprint << time_bits | now_;
  if (++in_tick_ >= tick_length_) {
    in_tick_ = 0;
    now_ = (now_ + 1) & time_mask;
  }
}

bool Ghost::recall(std::uint32_t hash) {
  if (lines_.empty()) return false;
  const Place at = place(hash);
  Line& line = lines_[at.line];
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < cells_per_line; ++i) {
    found |= std::uint32_t{line.cells[i] >> time_bits == at.fingerprint} << i;
  }
  if (found == 0) return false;
  Cell& cell = line.cells[static_cast<unsigned>(std::countr_zero(found))];
  return age(std::exchange(cell, Cell{0})) <= ticks_remembered_;
}

}  // namespace semantrix::eviction
