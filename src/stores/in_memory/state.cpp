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

InMemoryStore::State::State(InMemoryOptions options)
    : cache(without_snapshot(options)), snapshot_(std::move(options.snapshot)) {
  if (!snapshot_.empty()) load_snapshot();
}

void InMemoryStore::State::load_snapshot() {
  lock_.emplace(in_memory::SnapshotLock::acquire(snapshot_).value());
  const Result<SnapshotReport> report = cache.load_snapshot(snapshot_);
  if (report) return;
  if (report.error().code() != ErrorCode::corrupt) throw CacheError(report.error());
  warning_ = failed(report.error());
}

Result<void> InMemoryStore::State::close() {
  closed_.store(true, std::memory_order_relaxed);
  const std::lock_guard guard(close_mutex_);
  if (!lock_) return {};
  if (lock_->ours()) {
    const Result<std::size_t> written = cache.save_snapshot(snapshot_);
    if (!written) return failed(written.error());
  }
  lock_.reset();
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
