#include "stores/in_memory/state.hpp"

#include <utility>

namespace semantrix {
namespace {

/// The file is the store's affair; the engine knows nothing of it.
MemoryOptions without_snapshot(MemoryOptions options) {
  options.snapshot.clear();
  return options;
}

}  // namespace

InMemoryStore::State::State(InMemoryOptions options) : cache(without_snapshot(options)) {
  if (options.snapshot.empty()) return;
  snapshot_.emplace(in_memory::SnapshotFile::load(std::move(options.snapshot), cache).value());
  warning_ = snapshot_->warning();
  if (warning_ && warning_->code() == ErrorCode::corrupt) warning_ = failed(*warning_);
}

Result<void> InMemoryStore::State::close() {
  closed_.store(true, std::memory_order_relaxed);
  const std::lock_guard guard(close_mutex_);
  if (!snapshot_) return {};
  if (auto saved = snapshot_->save(cache); !saved) return failed(saved.error());
  snapshot_.reset();
  return {};
}

Error InMemoryStore::State::failed(Error error) {
  errors_[static_cast<std::size_t>(error.code())].fetch_add(1, std::memory_order_relaxed);
  return error;
}

Error InMemoryStore::State::failed_closed() {
  ErrorInfo info;
  info.code = ErrorCode::closed;
  info.message = "the store was closed";
  info.remedy = "open a new one";
  info.store = "memory";
  return failed(Error(std::move(info)));
}

Stats InMemoryStore::State::stats() const {
  Stats stats = cache.stats();
  stats.store = "memory";
  for (std::size_t code = 0; code != code_count; ++code) {
    const std::uint64_t count = errors_[code].load(std::memory_order_relaxed);
    if (count != 0) stats.errors[std::string(to_string(static_cast<ErrorCode>(code)))] += count;
  }
  return stats;
}

}  // namespace semantrix
