#include "memory/snapshot_writer.hpp"

#include "base/varint.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace semantrix::memory {

namespace {
constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;
}

SnapshotWriter::SnapshotWriter(std::string path) : path_(std::move(path)) {
  XXH3_64bits_reset(&sum_);
  buffer_.reserve(buffer_bytes);
  open_beside();
}

SnapshotWriter::~SnapshotWriter() {
  if (file_ >= 0) ::close(file_);
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

// Nobody else's file is ever written to: two threads of one process differ by the number, and what
// a killed process of the same id left behind is passed over.
void SnapshotWriter::open_beside() {
  static std::atomic<unsigned> next{0};
  constexpr int readable_by_owner = S_IRUSR | S_IWUSR;
  do {
    beside_ = path_ + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(next++);
    file_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readable_by_owner);
  } while (file_ < 0 && errno == EEXIST);
  if (file_ >= 0) return;
  error_ = errno;
  beside_.clear();
}

void SnapshotWriter::put(std::string_view bytes) {
  if (failed()) return;
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  if (bytes.size() >= buffer_bytes) {
    XXH3_64bits_update(&sum_, bytes.data(), bytes.size());
    write_out(bytes);
  } else {
    buffer_ += bytes;
  }
}

void SnapshotWriter::put_number(std::uint64_t number) {
  constexpr std::size_t longest = 10;
  if (buffer_.size() + longest > buffer_bytes) flush();
  append_varint(buffer_, number);
}

void SnapshotWriter::put_sized(std::string_view bytes) {
  put_number(bytes.size());
  put(bytes);
}

void SnapshotWriter::flush() {
  XXH3_64bits_update(&sum_, buffer_.data(), buffer_.size());
  write_out(buffer_);
  buffer_.clear();
}

void SnapshotWriter::write_out(std::string_view bytes) {
  while (!bytes.empty() && !failed()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
}

Result<void> SnapshotWriter::commit() {
  flush();
  append_fixed64(buffer_, XXH3_64bits_digest(&sum_));
  write_out(buffer_);
  if (!failed()) sync_and_rename();
  if (!failed()) return {};
  return Error(
      ErrorCode::io_error,
      "snapshot " + path_ + " cannot be written: " + std::generic_category().message(error_),
      "what was there before is unchanged; make room or choose another path");
}

void SnapshotWriter::sync_and_rename() {
  bool done = ::fsync(file_) == 0;
  if (!done) error_ = errno;
  if (::close(std::exchange(file_, -1)) != 0 && done) {
    done = false;
    error_ = errno;
  }
  if (!done) return;
  if (std::rename(beside_.c_str(), path_.c_str()) != 0) {
    error_ = errno;
    return;
  }
  beside_.clear();
  sync_folder();
}

// The file is whole and in place already. A folder that cannot be opened or synced (some network
// file systems) may forget the new name in a power failure, and then has the old file.
void SnapshotWriter::sync_folder() const {
  const std::size_t slash = path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path_.substr(0, slash + 1);
  const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) return;
  ::fsync(opened);
  ::close(opened);
}

}  // namespace semantrix::memory
