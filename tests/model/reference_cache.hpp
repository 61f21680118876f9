#pragma once

#include <semantrix/eviction_policy.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semantrix {

/// What a cache of one shard with an exact policy is to do, in the plainest way: a map, searched
/// from end to end.
class ReferenceCache {
 public:
  struct Bounds {
    std::size_t entries;
    std::size_t bytes;
  };

  /// `bytes_an_entry`: what an entry takes beside its key and value.
  ReferenceCache(EvictionPolicy policy, Bounds bounds, std::size_t bytes_an_entry)
      : policy_(policy), bounds_(bounds), bytes_an_entry_(bytes_an_entry) {}

  void set_now(std::int64_t now) {
    now_ = now;
    std::erase_if(entries_, [now](const auto& entry) { return entry.second.deadline <= now; });
  }

  std::optional<std::string> get(const std::string& key) {
    const auto at = entries_.find(key);
    if (at == entries_.end()) return std::nullopt;
    use(at->second);
    return at->second.value;
  }

  [[nodiscard]] std::optional<std::string> peek(const std::string& key) const {
    const auto at = entries_.find(key);
    return at == entries_.end() ? std::nullopt : std::optional(at->second.value);
  }

  /// Whether the entry fits into the cache at all.
  bool add(const std::string& key, const std::string& value, std::optional<std::int64_t> ttl) {
    const std::size_t charge = charge_of(key, value);
    if (charge > bounds_.bytes) {
      entries_.erase(key);
      return false;
    }
    const std::int64_t deadline = ttl ? now_ + *ttl : never;
    const auto at = entries_.find(key);
    if (at != entries_.end() &&
        bytes() - charge_of(key, at->second.value) + charge <= bounds_.bytes) {
      at->second.value = value;
      at->second.deadline = deadline;
      use(at->second);
      return true;
    }
    entries_.erase(key);
    while (entries_.size() + 1 > bounds_.entries || bytes() + charge > bounds_.bytes) evict();
    entries_[key] = {value, deadline, 1, ++moment_};
    return true;
  }

  bool erase(const std::string& key) { return entries_.erase(key) == 1; }

  std::size_t erase_prefix(const std::string& prefix) {
    return std::erase_if(entries_,
                         [&](const auto& entry) { return entry.first.starts_with(prefix); });
  }

  void resize(Bounds bounds) {
    bounds_ = bounds;
    while (entries_.size() > bounds_.entries || bytes() > bounds_.bytes) evict();
  }

  /// The keys, the next to leave first.
  [[nodiscard]] std::vector<std::string> order() const {
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> sorted;
    for (const auto& [key, entry] : entries_) sorted[standing(entry)] = key;
    std::vector<std::string> keys;
    keys.reserve(sorted.size());
    for (const auto& [standing, key] : sorted) keys.push_back(key);
    return keys;
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& [key, entry] : entries_) sum += charge_of(key, entry.value);
    return sum;
  }
  /// Every key that was evicted, in order.
  [[nodiscard]] const std::vector<std::string>& evicted() const { return evicted_; }

 private:
  static constexpr std::int64_t never = INT64_MAX;

  struct Entry {
    std::string value;
    std::int64_t deadline;
    std::uint64_t uses;
    std::uint64_t moment;  ///< When it took its place in the order.
  };

  [[nodiscard]] std::size_t charge_of(const std::string& key, const std::string& value) const {
    return bytes_an_entry_ + key.size() + value.size();
  }

  void use(Entry& entry) {
    if (policy_ == EvictionPolicy::fifo) return;
    ++entry.uses;
    entry.moment = ++moment_;
  }

  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> standing(const Entry& entry) const {
    return {policy_ == EvictionPolicy::lfu ? entry.uses : 0, entry.moment};
  }

  void evict() {
    auto victim = entries_.begin();
    for (auto at = entries_.begin(); at != entries_.end(); ++at) {
      if (standing(at->second) < standing(victim->second)) victim = at;
    }
    evicted_.push_back(victim->first);
    entries_.erase(victim);
  }

  EvictionPolicy policy_;
  Bounds bounds_;
  std::size_t bytes_an_entry_;
  std::int64_t now_ = 0;
  std::uint64_t moment_ = 0;
  std::map<std::string, Entry> entries_;
  std::vector<std::string> evicted_;
};

}  // namespace semantrix
