#include "stores/memcached/unsettled.hpp"

#include "base/hash.hpp"

namespace semantrix::memcached {

void Unsettled::note(std::string_view wire_key) {
  const std::lock_guard lock(mutex_);
  take_up(hash_key(wire_key));
}

void Unsettled::note_sent(std::string_view wire_key, Clock::time_point now) {
  const std::uint64_t hash = hash_key(wire_key);
  const std::lock_guard lock(mutex_);
  take_up(hash);
  if (late_until_.size() >= most_) forget_what_is_over(now);
  if (late_until_.size() >= most_) {
    // More than can be remembered: for that time no key is settled.
    all_late_until_ = now + patience_;
    late_until_.clear();
    return;
  }
  late_until_[hash] = now + patience_;
}

void Unsettled::remove(std::string_view wire_key, Clock::time_point now) {
  const std::uint64_t hash = hash_key(wire_key);
  const std::lock_guard lock(mutex_);
  if (may_come_late(hash, now)) return;
  if (all_but_) return insert(hash);
  keys_.erase(hash);
  any_ = !keys_.empty();
}

bool Unsettled::contains(std::string_view wire_key) const {
  const std::lock_guard lock(mutex_);
  return keys_.contains(hash_key(wire_key)) != all_but_;
}

bool Unsettled::waits(std::string_view wire_key, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  return may_come_late(hash_key(wire_key), now);
}

void Unsettled::take_up(std::uint64_t hash) {
  if (all_but_) {
    keys_.erase(hash);
  } else {
    insert(hash);
  }
  any_ = true;
}

void Unsettled::insert(std::uint64_t hash) {
  if (keys_.size() >= most_) {
    // More than can be remembered: from here on no key is settled.
    all_but_ = true;
    keys_.clear();
    return;
  }
  keys_.insert(hash);
}

bool Unsettled::may_come_late(std::uint64_t hash, Clock::time_point now) {
  if (now < all_late_until_) return true;
  const auto found = late_until_.find(hash);
  if (found == late_until_.end()) return false;
  if (now < found->second) return true;
  late_until_.erase(found);
  return false;
}

void Unsettled::forget_what_is_over(Clock::time_point now) {
  boost::unordered::erase_if(late_until_, [now](const auto& each) { return each.second <= now; });
}

}  // namespace semantrix::memcached
