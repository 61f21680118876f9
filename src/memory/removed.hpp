#pragma once

#include "memory/record.hpp"
#include <semantrix/stats.hpp>

#include <boost/container/small_vector.hpp>

namespace semantrix::memory {

/// Records that left under a lock, with why: the listener hears of them, and their memory is given
/// back, once the lock is released. Owns a reference to each.
class Removed {
 public:
  struct Item {
    Record* record;
    RemovalCause cause;
  };

  Removed() = default;
  Removed(const Removed&) = delete;
  Removed& operator=(const Removed&) = delete;
  ~Removed() {
    for (const Item& item : items_) item.record->release();
  }

  void add(Record* record, RemovalCause cause) { items_.push_back({record, cause}); }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }
  [[nodiscard]] auto begin() const noexcept { return items_.begin(); }
  [[nodiscard]] auto end() const noexcept { return items_.end(); }

 private:
  boost::container::small_vector<Item, 6> items_;
};

}  // namespace semantrix::memory
