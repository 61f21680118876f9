// oneTBB's concurrent_lru_cache. Its only verb runs a loader on a miss, so get and put are one
// call.
#define TBB_PREVIEW_CONCURRENT_LRU_CACHE 1
#include "harness.hpp"

#include <oneapi/tbb/concurrent_lru_cache.h>

#include <cstring>
#include <string>
#include <string_view>

namespace {

thread_local bool missed = false;
thread_local std::string_view to_load;  // memory mode: the value that the next miss shall have

class TbbLru {
 public:
  explicit TbbLru(const peers::Arguments& arguments)
      : value_bytes_(arguments.value_bytes),
        capacity_(arguments.capacity),
        cache_(Loader{value_bytes_}, capacity_) {}

  bool lookup(std::string_view key, peers::Touch& touch) {
    missed = false;
    const Key bytes = to_key(key, touch.id);
    const auto handle = cache_[bytes];
    if (missed) return false;
    touch(const_cast<Cache::handle&>(handle).value());
    return true;
  }

  // lookup() has loaded the value already; only a fill without lookups comes here for work.
  void store(std::string_view key, std::string_view value) {
    if (missed) return;
    to_load = value;
    const auto handle = cache_[to_key(key, 0)];
    to_load = {};
    missed = false;
    ++filled_;
  }

  // The class tells neither its size nor its content. It holds what was put, up to its bound.
  [[nodiscard]] std::size_t size() const { return filled_ < capacity_ ? filled_ : capacity_; }

 private:
  // By value and without an allocation: the interface copies the key several times a call.
  struct Key {
    peers::KeyText text;
    std::uint32_t id;  // for the loader; not part of the key's identity

    bool operator<(const Key& other) const {
      return std::memcmp(text.data(), other.text.data(), text.size()) < 0;
    }
  };

  struct Loader {
    std::size_t bytes;

    std::string operator()(const Key& key) const {
      missed = true;
      if (!to_load.empty()) return std::string(to_load);
      std::string value(bytes, 'v');
      value[0] = static_cast<char>(key.id);
      return value;
    }
  };

  static Key to_key(std::string_view text, std::uint32_t id) {
    Key key{.text = {}, .id = id};
    std::memcpy(key.text.data(), text.data(), key.text.size());
    return key;
  }

  using Cache = tbb::concurrent_lru_cache<Key, std::string, Loader>;

  std::size_t value_bytes_;
  std::size_t capacity_;
  std::size_t filled_ = 0;
  Cache cache_;
};

}  // namespace

int main(int argc, char** argv) { return peers::run_peer<TbbLru>("tbb_lru", argc, argv); }
