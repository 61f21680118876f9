#include "contract/hot_keys.hpp"

#include "base/hash.hpp"

#include <algorithm>

namespace semantrix::contract {
namespace {

constexpr std::uint64_t counted_one_by_one = 1024;
constexpr int one_in = 64;
constexpr std::uint32_t halved_at = 8192;
constexpr std::size_t longest_text = 256;
/// Hotter than a hundredth, or not hot.
constexpr double least_share = 0.01;

/// Nobody waits: in the child of a `fork` the one who took it may be gone.
class Taken {
 public:
  explicit Taken(std::atomic_flag& flag) noexcept
      : flag_(flag), got_(!flag.test_and_set(std::memory_order_acquire)) {}
  Taken(const Taken&) = delete;
  Taken& operator=(const Taken&) = delete;
  ~Taken() {
    if (got_) flag_.clear(std::memory_order_release);
  }
  explicit operator bool() const noexcept { return got_; }

 private:
  std::atomic_flag& flag_;
  const bool got_;
};

/// 0 to 2 × `one_in` - 2, evenly: no rhythm of the caller's is in step with it.
int next_countdown() noexcept {
  thread_local std::uint64_t state = hash_key("countdown");
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return static_cast<int>((state >> 33U) % (2 * one_in - 1));
}

}  // namespace

void HotKeys::sample(std::string_view key) {
  countdown = 0;
  const Taken taken(taken_);
  if (!taken) return;
  if (++ever_ > counted_one_by_one) countdown = next_countdown();
  count(key);
}

void HotKeys::count(std::string_view key) {
  if (++samples_ >= halved_at) halve();
  const std::uint64_t hash = hash_key(key);
  const auto end = hashes_.begin() + static_cast<std::ptrdiff_t>(counters_.size());
  const auto at = std::find(hashes_.begin(), end, hash);
  if (at != end) {
    ++counters_[static_cast<std::size_t>(at - hashes_.begin())].samples;
    return;
  }
  std::size_t place = counters_.size();
  if (place < capacity) {
    if (place == 0) counters_.reserve(capacity);
    counters_.emplace_back();
  } else {
    const auto coldest = std::min_element(
        counters_.begin(), counters_.end(),
        [](const Counter& left, const Counter& right) { return left.samples < right.samples; });
    place = static_cast<std::size_t>(coldest - counters_.begin());
  }
  Counter& counter = counters_[place];
  hashes_[place] = hash;
  counter.inherited = counter.samples;
  ++counter.samples;
  counter.digest = key_digest(key);
  counter.text.assign(key.substr(0, longest_text));
}

void HotKeys::halve() {
  samples_ /= 2;
  for (Counter& counter : counters_) {
    counter.samples /= 2;
    counter.inherited /= 2;
  }
}

std::vector<HotKey> HotKeys::most(std::size_t count) const {
  std::vector<HotKey> keys;
  const Taken taken(taken_);
  if (!taken) return keys;
  for (const Counter& counter : counters_) {
    const double share =
        static_cast<double>(counter.samples - counter.inherited) / static_cast<double>(samples_);
    if (share >= least_share) keys.push_back(HotKey{counter.digest, share, counter.text});
  }
  std::sort(keys.begin(), keys.end(),
            [](const HotKey& left, const HotKey& right) { return left.share > right.share; });
  if (keys.size() > count) keys.resize(count);
  return keys;
}

}  // namespace semantrix::contract
