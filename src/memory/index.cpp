#include "memory/index.hpp"

#include <algorithm>

namespace semantrix::memory {

namespace {
constexpr double greatest_load = 0.85;
}

// Zeroed memory is an empty table.
Index::Index(PageArena& arena, std::size_t expected_entries)
    : line_count_(
          std::max<std::size_t>(2, static_cast<std::size_t>(static_cast<double>(expected_entries) /
                                                            (greatest_load * entries_per_line)) +
                                       1)),
      limit_(static_cast<std::size_t>(static_cast<double>(line_count_ * entries_per_line) *
                                      greatest_load)),
      lines_(static_cast<Line*>(arena.allocate(line_count_ * sizeof(Line)))) {}

void Index::insert(std::uint32_t hash, Record* record) noexcept {
  std::size_t at = home(hash);
  for (;;) {
    Line& line = lines_[at];
    if (const unsigned free = matches(line, 0); free != 0) {
      const auto entry = static_cast<unsigned>(__builtin_ctz(free));
      line.tags[entry] = tag_of(hash);
      line.set_record(entry, record);
      ++size_;
      return;
    }
    if (line.overflow != sticky) ++line.overflow;
    at = after(at);
  }
}

Index::Place Index::place_of(std::uint32_t hash, const Record* record) const noexcept {
  for (std::size_t at = home(hash);; at = after(at)) {
    const Line& line = lines_[at];
    for (unsigned hits = matches(line, tag_of(hash)); hits != 0; hits &= hits - 1) {
      const auto entry = static_cast<unsigned>(__builtin_ctz(hits));
      if (line.record(entry) == record) return {at, entry};
    }
  }
}

void Index::replace(std::uint32_t hash, const Record* from, Record* to) noexcept {
  const Place place = place_of(hash, from);
  lines_[place.line].set_record(place.entry, to);
}

void Index::erase(std::uint32_t hash, const Record* record) noexcept {
  const Place place = place_of(hash, record);
  lines_[place.line].tags[place.entry] = 0;
  --size_;
  for (std::size_t at = home(hash); at != place.line; at = after(at)) {
    if (lines_[at].overflow != sticky) --lines_[at].overflow;
  }
}

}  // namespace semantrix::memory
