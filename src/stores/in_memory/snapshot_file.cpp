#include "stores/in_memory/snapshot_file.hpp"

#include "base/quote.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

namespace semantrix::in_memory {
namespace {

std::string kept_name(const std::string& path, unsigned number) {
  return path + ".bak" + (number > 1 ? std::to_string(number) : "");
}

std::string free_name(const std::string& path) {
  unsigned number = 1;
  while (::access(kept_name(path, number).c_str(), F_OK) == 0) ++number;
  return kept_name(path, number);
}

Error left_out(const std::string& path, const SnapshotReport& report) {
  return {ErrorCode::too_large,
          "the snapshot " + quote(path) + " holds " +
              std::to_string(report.loaded + report.dropped) + " entries, of which " +
              std::to_string(report.dropped) + " find no room and were left out",
          "raise max_size or max_bytes; before anything is written over it, it is kept as " +
              quote(free_name(path))};
}

Error read_only(const std::string& path) {
  return {ErrorCode::io_error,
          "the snapshot " + quote(path) + " was not written: its folder cannot be written",
          "give write permission, or only read from this store"};
}

Error cannot_keep(const std::string& path, const std::string& name, int cause) {
  return {ErrorCode::io_error,
          "the snapshot " + quote(path) +
              " was not written: as it is it holds more, and it cannot " + "be kept as " +
              quote(name) + ": " + std::generic_category().message(cause),
          "move it away, or raise max_size or max_bytes"};
}

// Hard links are not to be had everywhere (FAT).
int link_or_copy(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) return 0;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK) return errno;
  std::error_code failed;
  std::filesystem::copy_file(from, to, failed);
  return failed.value();
}

/// Someone took away every permission to write, from root as well.
bool is_protected(const std::string& path) {
  constexpr mode_t to_write = S_IWUSR | S_IWGRP | S_IWOTH;
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && (about.st_mode & to_write) == 0;
}

std::string folder_of(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

Result<SnapshotFile> SnapshotFile::load(std::string path, MemoryCache& cache) {
  auto lock = SnapshotLock::acquire(path);
  if (!lock) return lock.error();
  SnapshotFile file(std::move(path), *std::move(lock));
  if (auto filled = file.fill(cache); !filled) return filled.error();
  file.note(cache);
  return file;
}

Result<void> SnapshotFile::fill(MemoryCache& cache) {
  const Result<SnapshotReport> report = cache.load_snapshot(path_);
  if (report) {
    holds_more_ = report->dropped != 0;
    if (holds_more_) warning_ = left_out(path_, *report);
    return {};
  }
  if (report.error().code() != ErrorCode::corrupt) return report.error();
  warning_ = report.error();
  holds_more_ = ::access(path_.c_str(), F_OK) == 0;
  return {};
}

Result<void> SnapshotFile::save(const MemoryCache& cache) {
  if (cache.revision() == revision_) {
    save_order(cache);
    return {};
  }
  if (lock_.read_only()) return read_only(path_);
  if (!lock_.ours()) return {};
  if (auto kept = keep_previous(); !kept) return kept;
  if (auto written = cache.save_snapshot(path_); !written) return written.error();
  note(cache);
  return {};
}

// Hits alone: worth a write, but nothing is lost without it.
void SnapshotFile::save_order(const MemoryCache& cache) {
  if (cache.options().eviction_policy == EvictionPolicy::fifo) return;
  if (cache.stats().hits == hits_ || holds_more_ || !lock_.ours()) return;
  if (is_protected(path_) || is_protected(folder_of(path_))) return;
  if (cache.save_snapshot(path_)) note(cache);
}

Result<void> SnapshotFile::keep_previous() {
  if (!holds_more_) return {};
  for (;;) {
    const std::string name = free_name(path_);
    const int failed = link_or_copy(path_, name);
    if (failed == EEXIST) continue;
    if (failed != 0 && failed != ENOENT) return cannot_keep(path_, name, failed);
    holds_more_ = false;
    return {};
  }
}

void SnapshotFile::note(const MemoryCache& cache) {
  revision_ = cache.revision();
  hits_ = cache.stats().hits;
}

}  // namespace semantrix::in_memory
