#pragma once

#include "memory/page_arena.hpp"
#include "memory/record.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace semantrix::memory {

/// Hash table from key to record: cache lines of nine entries, each a byte of the hash and the 48
/// bits of an address, so that a hit touches one line here and the record itself, nothing else.
///
/// A line that is full passes entries on to the next and counts them (`overflow`), so that a search
/// ends at the first line nothing was passed on from; erasing takes the counts back and leaves no
/// tombstones (Bronson and Shi, "Open-sourcing F14", 2019). Hashes are 32 well-mixed bits: the
/// upper ones choose the line, the lowest eight are the tag. Guarded by the shard's lock.
class Index {
 public:
  /// At the greatest load; what an entry costs on average once the table is full.
  static constexpr std::size_t bytes_per_entry = 9;

  /// Room for so many entries before the first growth. The arena keeps the memory.
  Index(PageArena& arena, std::size_t expected_entries);

  [[nodiscard]] Record* find(std::uint32_t hash, std::string_view key) const noexcept {
    for (std::size_t at = home(hash), seen = 0; seen < line_count_; ++seen, at = after(at)) {
      const Line& line = lines_[at];
      for (unsigned hits = matches(line, tag_of(hash)); hits != 0; hits &= hits - 1) {
        Record* record = line.record(static_cast<unsigned>(__builtin_ctz(hits)));
        if (same(record->key(), key)) return record;
      }
      if (line.overflow == 0) break;
    }
    return nullptr;
  }

  /// Starts loading the line that `find` will read.
  [[gnu::always_inline]] void prefetch(std::uint32_t hash) const noexcept {
    __builtin_prefetch(&lines_[home(hash)]);
  }

  /// REQUIRES: the key is not in the table, and `!full()`.
  void insert(std::uint32_t hash, Record* record) noexcept;
  /// Puts another record of the same key in the place of one. REQUIRES: `from` is in the table.
  void replace(std::uint32_t hash, const Record* from, Record* to) noexcept;
  /// REQUIRES: the record is in the table.
  void erase(std::uint32_t hash, const Record* record) noexcept;

  [[nodiscard]] bool full() const noexcept { return size_ >= limit_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Entries the table takes before it is `full()`.
  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

 private:
  static constexpr unsigned entries_per_line = 9;
  static constexpr std::uint8_t sticky = 255;  ///< An overflow count that no longer counts.

  struct alignas(64) Line {
    std::array<std::uint8_t, entries_per_line> tags;  ///< 0: free.
    std::uint8_t overflow;  ///< Entries passed on from here to later lines.
    std::array<std::array<std::uint16_t, 3>, entries_per_line> addresses;

    [[nodiscard]] Record* record(unsigned entry) const noexcept {
      const auto& part = addresses[entry];
      return std::bit_cast<Record*>(std::uint64_t{part[2]} << 32 | std::uint64_t{part[1]} << 16 |
                                    part[0]);
    }
    void set_record(unsigned entry, const Record* record) noexcept {
      const auto address = std::bit_cast<std::uint64_t>(record);
      for (unsigned part = 0; part < 3; ++part) {
        addresses[entry][part] = static_cast<std::uint16_t>(address >> (16 * part));
      }
    }
  };
  static_assert(sizeof(Line) == 64);
  static_assert(sizeof(void*) == 8, "addresses are taken to have 48 bits");

  struct Place {
    std::size_t line;
    unsigned entry;
  };

  [[nodiscard]] std::size_t home(std::uint32_t hash) const noexcept {
    return static_cast<std::size_t>(std::uint64_t{hash} * line_count_ >> 32);
  }
  [[nodiscard]] std::size_t after(std::size_t line) const noexcept {
    return line + 1 == line_count_ ? 0 : line + 1;
  }
  [[nodiscard]] static std::uint8_t tag_of(std::uint32_t hash) noexcept {
    const auto low = static_cast<std::uint8_t>(hash);
    return low == 0 ? 1 : low;
  }
  /// One bit for each of the line's entries whose tag is this.
  [[nodiscard]] static unsigned matches(const Line& line, std::uint8_t tag) noexcept {
    constexpr unsigned all = (1U << entries_per_line) - 1;
#if defined(__SSE2__)
    const __m128i tags = _mm_load_si128(reinterpret_cast<const __m128i*>(&line));
    const __m128i equal = _mm_cmpeq_epi8(tags, _mm_set1_epi8(static_cast<char>(tag)));
    return static_cast<unsigned>(_mm_movemask_epi8(equal)) & all;
#else
    unsigned bits = 0;
    for (unsigned entry = 0; entry < entries_per_line; ++entry) {
      bits |= static_cast<unsigned>(line.tags[entry] == tag) << entry;
    }
    return bits & all;
#endif
  }
  [[nodiscard]] static std::uint64_t word_at(const char* bytes) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return word;
  }
  /// Words instead of a call: most keys are of a few words, and this is asked on every hit.
  [[nodiscard]] static bool same(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    const char* a = left.data();
    const char* b = right.data();
    std::size_t rest = left.size();
    for (; rest >= 8 && rest <= 64; rest -= 8, a += 8, b += 8) {
      if (word_at(a) != word_at(b)) return false;
    }
    return std::memcmp(a, b, rest) == 0;
  }
  [[nodiscard]] Place place_of(std::uint32_t hash, const Record* record) const noexcept;

  std::size_t line_count_;
  std::size_t limit_;
  std::size_t size_ = 0;
  Line* lines_;
};

}  // namespace semantrix::memory
