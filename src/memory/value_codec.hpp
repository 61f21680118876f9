#pragma once

#include "base/compression.hpp"
#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::memory {

/// How a cache compresses: the threshold, and the dictionary that it trains once from the first
/// values it sees. Thread-safe; compression itself runs without locks.
class ValueCodec {
 public:
  /// No threshold: nothing is compressed. `dictionary_bytes` 0: no dictionary is trained.
  ValueCodec(std::optional<std::size_t> threshold, std::size_t dictionary_bytes) noexcept
      : threshold_(threshold), dictionary_bytes_(dictionary_bytes) {}

  /// Whether `encode` would try.
  [[nodiscard]] bool may_encode(std::string_view value) const noexcept {
    return threshold_ && value.size() >= *threshold_;
  }
  /// The compressed bytes, if the value is large enough and becomes small enough.
  [[nodiscard]] std::optional<std::string> encode(std::string_view value);
  [[nodiscard]] Result<Value> decode(std::string_view frame) const;

  /// Null until one is trained or adopted; then the same until the codec is gone.
  [[nodiscard]] const Dictionary* dictionary() const noexcept {
    return current_.load(std::memory_order_acquire);
  }
  /// Uses a snapshot's dictionary from now on; false if there is another one already.
  bool adopt(std::shared_ptr<const Dictionary> dictionary);

  /// Of what `encode` compressed: bytes before and after.
  [[nodiscard]] std::uint64_t raw_bytes() const noexcept { return raw_bytes_; }
  [[nodiscard]] std::uint64_t stored_bytes() const noexcept { return stored_bytes_; }

  /// Around `fork`.
  void lock() { mutex_.lock(); }
  void unlock() { mutex_.unlock(); }

 private:
  void learn_from(std::string_view value);

  const std::optional<std::size_t> threshold_;
  const std::size_t dictionary_bytes_;
  std::atomic<const Dictionary*> current_{nullptr};
  std::atomic<bool> learning_{true};
  std::atomic<std::uint64_t> raw_bytes_{0};
  std::atomic<std::uint64_t> stored_bytes_{0};

  std::mutex mutex_;
  // guarded by mutex_
  std::shared_ptr<const Dictionary> owned_;
  std::vector<std::string> samples_;
  std::size_t sample_bytes_ = 0;
};

}  // namespace semantrix::memory
