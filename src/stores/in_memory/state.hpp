#pragma once

#include "stores/in_memory/snapshot_file.hpp"
#include <semantrix/in_memory_store.hpp>

#include <array>
#include <atomic>
#include <mutex>
#include <optional>

namespace semantrix {

/// What an `InMemoryStore` and its key streams share. Thread-safe.
struct InMemoryStore::State {
  /// Loads the snapshot, if one is configured. Throws as the store's constructor does.
  explicit State(InMemoryOptions options);

  [[nodiscard]] bool is_closed() const noexcept { return closed_.load(std::memory_order_relaxed); }
  /// Writes the snapshot, if one is configured and there is something to write. What a failed call
  /// left undone, a second one tries again.
  Result<void> close();

  /// Counts the failure and passes it on.
  [[nodiscard]] Error failed(Error error);
  [[nodiscard]] Error failed_closed();
  [[nodiscard]] Stats stats() const;
  [[nodiscard]] const std::optional<Error>& warning() const noexcept { return warning_; }

  MemoryCache cache;

 private:
  static constexpr std::size_t code_count = static_cast<std::size_t>(ErrorCode::internal) + 1;

  std::atomic<bool> closed_{false};
  std::array<std::atomic<std::uint64_t>, code_count> errors_{};
  std::optional<Error> warning_;  // set by the constructor alone
  std::mutex close_mutex_;
  std::optional<in_memory::SnapshotFile> snapshot_;  // guarded by close_mutex_; gone: written
};

}  // namespace semantrix
