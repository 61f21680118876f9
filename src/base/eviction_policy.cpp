#include <semantrix/eviction_policy.hpp>

#include <cstddef>

namespace semantrix {
namespace {

bool is_separator(char c) noexcept { return c == '_' || c == '-'; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The first position from `at` on that is no separator.
std::size_t skip_separators(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && is_separator(text[at])) ++at;
  return at;
}

// The papers write W-TinyLFU and S3-FIFO, the options w_tinylfu and s3fifo: separators do not
// count.
bool same_name(std::string_view left, std::string_view right) noexcept {
  std::size_t l = 0;
  std::size_t r = 0;
  for (;; ++l, ++r) {
    l = skip_separators(left, l);
    r = skip_separators(right, r);
    if (l == left.size() || r == right.size()) return l == left.size() && r == right.size();
    if (lower(left[l]) != lower(right[r])) return false;
  }
}

}  // namespace

std::string_view to_string(EvictionPolicy policy) noexcept {
  switch (policy) {
    case EvictionPolicy::lru:
      return "lru";
    case EvictionPolicy::lfu:
      return "lfu";
    case EvictionPolicy::fifo:
      return "fifo";
    case EvictionPolicy::w_tinylfu:
      return "w_tinylfu";
    case EvictionPolicy::s3fifo:
      return "s3fifo";
  }
  return "w_tinylfu";
}

std::string_view describe(EvictionPolicy policy) noexcept {
  switch (policy) {
    case EvictionPolicy::lru:
      return "Evicts the least recently used entry, exactly; suits keys that come in bursts, not "
             "loops larger than the cache.";
    case EvictionPolicy::lfu:
      return "Evicts the least frequently used entry, exactly, the older one of equals; suits "
             "popularity that does not change.";
    case EvictionPolicy::fifo:
      return "Evicts the oldest entry, exactly; suits values that age, whoever reads them.";
    case EvictionPolicy::w_tinylfu:
      return "Admits by a frequency sketch behind a window that adapts itself; suits most "
             "workloads, scans and loops included.";
    case EvictionPolicy::s3fifo:
      return "Keeps three FIFO queues, so that a hit costs next to nothing; suits skewed keys "
             "under "
             "many threads, not loops.";
  }
  return "";
}

std::optional<EvictionPolicy> parse_eviction_policy(std::string_view name) noexcept {
  for (const EvictionPolicy policy : all_eviction_policies) {
    if (same_name(name, to_string(policy))) return policy;
  }
  return std::nullopt;
}

}  // namespace semantrix
