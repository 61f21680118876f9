// The textbook: a mutex, a list in order of use, a hash table into it. What most programs have.
#include "harness.hpp"

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

class MutexLru {
 public:
  explicit MutexLru(const peers::Arguments& arguments) : capacity_(arguments.capacity) {
    index_.reserve(capacity_);
  }

  // Hands the value out by reference count: a copy of it under the lock would be slower still.
  bool lookup(std::string_view key, peers::Touch& touch) {
    std::shared_ptr<const std::string> value;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = index_.find(key);
      if (found == index_.end()) return false;
      order_.splice(order_.begin(), order_, found->second);
      value = found->second->value;
    }
    touch(*value);
    return true;
  }

  void store(std::string_view key, std::string_view bytes) {
    auto value = std::make_shared<const std::string>(bytes);
    const std::scoped_lock lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) {
      found->second->value = std::move(value);
      order_.splice(order_.begin(), order_, found->second);
      return;
    }
    if (index_.size() == capacity_) {
      index_.erase(order_.back().key);
      order_.pop_back();
    }
    order_.push_front({std::string(key), std::move(value)});
    index_.emplace(order_.front().key, order_.begin());
  }

  std::size_t size() {
    const std::scoped_lock lock(mutex_);
    return index_.size();
  }

 private:
  struct Entry {
    std::string key;
    std::shared_ptr<const std::string> value;
  };

  std::mutex mutex_;
  std::size_t capacity_;
  std::list<Entry> order_;  // most recently used first
  std::unordered_map<std::string_view, std::list<Entry>::iterator> index_;  // keys live in order_
};

}  // namespace

int main(int argc, char** argv) { return peers::run_peer<MutexLru>("mutex_lru", argc, argv); }
