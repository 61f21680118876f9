#include "memory/budget.hpp"

namespace semantrix::memory {

bool Budget::take_one(std::atomic<std::size_t>& used, std::size_t limit, std::size_t wanted,
                      std::size_t held) noexcept {
  if (wanted <= held) {
    if (wanted < held) used.fetch_sub(held - wanted, std::memory_order_relaxed);
    return true;
  }
  const std::size_t missing = wanted - held;
  if (missing > limit || used.load(std::memory_order_relaxed) > limit - missing) return false;
  if (used.fetch_add(missing, std::memory_order_relaxed) <= limit - missing) return true;
  used.fetch_sub(missing, std::memory_order_relaxed);
  return false;
}

bool Budget::take(Amount wanted, Amount& held) noexcept {
  if (!take_one(entries_, max_entries(), wanted.entries, held.entries)) return false;
  held.entries = wanted.entries;
  if (counts_bytes() && !take_one(bytes_, max_bytes(), wanted.bytes, held.bytes)) return false;
  held.bytes = wanted.bytes;
  return true;
}

void Budget::give_back(Amount amount) noexcept {
  if (amount.entries != 0) entries_.fetch_sub(amount.entries, std::memory_order_relaxed);
  if (counts_bytes() && amount.bytes != 0) {
    bytes_.fetch_sub(amount.bytes, std::memory_order_relaxed);
  }
}

}  // namespace semantrix::memory
