#include "stores/memcached/unsettled.hpp"

#include "base/hash.hpp"

namespace semantrix::memcached {

void Unsettled::note(std::string_view wire_key) {
  const std::lock_guard lock(mutex_);
  if (all_but_) {
    keys_.erase(hash_key(wire_key));
  } else {
    insert(hash_key(wire_key));
  }
  any_ = true;
}

void Unsettled::remove(std::string_view wire_key) {
  const std::lock_guard lock(mutex_);
  if (all_but_) return insert(hash_key(wire_key));
  keys_.erase(hash_key(wire_key));
  any_ = !keys_.empty();
}

bool Unsettled::contains(std::string_view wire_key) const {
  const std::lock_guard lock(mutex_);
  return keys_.contains(hash_key(wire_key)) != all_but_;
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

}  // namespace semantrix::memcached
