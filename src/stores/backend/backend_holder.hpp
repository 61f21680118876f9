#pragma once

#include "stores/backend/backend.hpp"
#include <semantrix/error.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace semantrix::stores {

/// A store's backend, one a process: a child of `fork` gets its own, and leaves the parent's
/// connections alone. Thread-safe; costs two loads.
class BackendHolder {
 public:
  using Make = std::function<Result<std::shared_ptr<Backend>>()>;

  /// Throws the `CacheError` that `make` gives.
  explicit BackendHolder(Make make);
  ~BackendHolder();
  BackendHolder(const BackendHolder&) = delete;
  BackendHolder& operator=(const BackendHolder&) = delete;

  [[nodiscard]] const std::shared_ptr<Backend>& current();

 private:
  const Make make_;
  std::mutex mutex_;  // held to replace backend_
  std::shared_ptr<Backend> backend_;
  std::atomic<std::uint32_t> generation_;  // the process that backend_ belongs to
};

}  // namespace semantrix::stores
