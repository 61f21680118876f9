#include "memory/expiry_wheel.hpp"

#include <algorithm>

namespace semantrix::memory {

void ExpiryWheel::schedule(Slot slot, std::int64_t deadline_ms) noexcept {
  constexpr std::int64_t reach = std::int64_t{1} << (level_bits * levels);
  ++size_;
  if (deadline_ms <= collected_ms_) {
    push(pending, slot);
    return;
  }
  const std::int64_t tick = std::clamp(tick_of(deadline_ms), tick_, tick_ + reach - 1);
  const std::int64_t ahead = tick - tick_;
  unsigned level = 0;
  while (ahead >> (level_bits * (level + 1)) != 0) ++level;
  const auto index = static_cast<std::size_t>(tick >> (level_bits * level)) % per_level;
  push(level * per_level + index, slot);
}

void ExpiryWheel::push(std::size_t bucket, Slot slot) noexcept {
  const Slot mark = end_mark | static_cast<Slot>(bucket);
  Bucket& list = buckets_[bucket];
  eviction::Links& links = links_[slot];
  links = {mark, list.head == no_link ? mark : list.head};
  if (list.head == no_link) {
    list.tail = slot;
  } else {
    links_[list.head].previous = slot;
  }
  list.head = slot;
}

void ExpiryWheel::unschedule(Slot slot) noexcept {
  eviction::Links& links = links_[slot];
  const auto [previous, next] = links;
  if (previous == no_link) return;
  const bool first = (previous & end_mark) != 0;
  const bool last = (next & end_mark) != 0;
  if (first) {
    buckets_[previous & ~end_mark].head = last ? no_link : next;
  } else {
    links_[previous].next = next;
  }
  if (last) {
    buckets_[next & ~end_mark].tail = first ? no_link : previous;
  } else {
    links_[next].previous = previous;
  }
  links = {no_link, no_link};
  --size_;
}

void ExpiryWheel::move_to_pending(std::size_t bucket) noexcept {
  Bucket& from = buckets_[bucket];
  if (from.head == no_link) return;
  constexpr Slot mark = end_mark | static_cast<Slot>(pending);
  Bucket& to = buckets_[pending];
  links_[from.head].previous = mark;
  if (to.head == no_link) {
    links_[from.tail].next = mark;
    to.tail = from.tail;
  } else {
    links_[from.tail].next = to.head;
    links_[to.head].previous = from.tail;
  }
  to.head = from.head;
  from = {no_link, no_link};
}

// Level 0 includes the tick that is passing, whose entries may be due already; the bucket of a
// higher level is spread over the levels below as soon as time enters it.
void ExpiryWheel::collect(std::int64_t now_ms) noexcept {
  const std::int64_t now = std::max(tick_of(now_ms), tick_);
  for (unsigned level = 0; level < levels; ++level) {
    const std::int64_t to = now >> (level_bits * level);
    std::int64_t from = (tick_ >> (level_bits * level)) + (level == 0 ? 0 : 1);
    from = std::max<std::int64_t>(from, to - static_cast<std::int64_t>(per_level) + 1);
    for (; from <= to; ++from) {
      move_to_pending(level * per_level + static_cast<std::size_t>(from) % per_level);
    }
  }
  tick_ = now;
  collected_ms_ = now_ms;
}

}  // namespace semantrix::memory
