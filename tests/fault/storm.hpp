#pragma once

#include <semantrix/cache_store.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// The parts of the cross-talk detector: values that name their key, and what was seen of them.
namespace semantrix::testing::storm {

using Random = std::mt19937_64;

inline std::uint64_t up_to(Random& random, std::uint64_t most) {
  return std::uniform_int_distribution<std::uint64_t>(0, most)(random);
}

/// How long the detector runs and what its random numbers start from.
struct Settings {
  std::chrono::milliseconds duration{10'000};
  std::chrono::milliseconds calm{50};  ///< At least so long between two faults.
  std::uint64_t seed = std::random_device{}();
};
Settings& settings();

inline constexpr std::uint64_t key_count = 256;
inline std::string random_key(Random& random) {
  return "key" + std::to_string(up_to(random, key_count - 1));
}

/// "key|length|dots": a value whose parts belong to different replies, or to another key, is seen.
inline std::string value_of(const std::string& key, Random& random) {
  constexpr std::array<std::uint64_t, 4> longest{10, 300, 3'000, 40'000};
  const std::size_t length = up_to(random, longest.at(up_to(random, longest.size() - 1)));
  std::string value = key + "|" + std::to_string(length) + "|";
  const char mark = static_cast<char>('!' + std::hash<std::string>{}(key) % 90);
  value.append(length, mark);
  return value;
}

inline bool belongs_to(std::string_view value, const std::string& key) {
  const std::string head = key + "|";
  if (!value.starts_with(head)) return false;
  value.remove_prefix(head.size());
  const std::size_t bar = value.find('|');
  if (bar == value.npos || bar == 0 || bar > 6) return false;
  const std::size_t length = std::stoul(std::string(value.substr(0, bar)));
  value.remove_prefix(bar + 1);
  const char mark = static_cast<char>('!' + std::hash<std::string>{}(key) % 90);
  return value.size() == length && value.find_first_not_of(mark) == value.npos;
}

/// What all callers saw. Thread-safe.
class Tally {
 public:
  void found(const std::string& key, const std::optional<Value>& value) {
    const std::lock_guard lock(mutex_);
    if (!value) {
      ++misses_;
    } else if (belongs_to(value->view(), key)) {
      ++hits_;
    } else {
      wrong_.push_back(key + " gave " + std::string(value->view().substr(0, 60)));
    }
  }
  void failed(ErrorCode code) {
    const std::lock_guard lock(mutex_);
    ++errors_[code];
  }
  void abandoned() {
    const std::lock_guard lock(mutex_);
    ++abandoned_;
  }

  [[nodiscard]] std::uint64_t hits() const { return hits_; }
  [[nodiscard]] std::uint64_t misses() const { return misses_; }
  [[nodiscard]] std::uint64_t abandoned_calls() const { return abandoned_; }
  [[nodiscard]] const std::map<ErrorCode, std::uint64_t>& errors() const { return errors_; }
  [[nodiscard]] const std::vector<std::string>& wrong() const { return wrong_; }

 private:
  std::mutex mutex_;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t abandoned_ = 0;
  std::map<ErrorCode, std::uint64_t> errors_;
  std::vector<std::string> wrong_;
};

}  // namespace semantrix::testing::storm
