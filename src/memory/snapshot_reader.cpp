#include "memory/snapshot_reader.hpp"

#include "base/hash.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace semantrix::memory {

namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;

Error unreadable(const std::string& path, const std::string& why) {
  return Error(ErrorCode::io_error, "snapshot " + path + " cannot be read: " + why);
}

}  // namespace

// Not to block on a pipe that nobody writes to, it is opened before one knows what it is.
Result<SnapshotReader> SnapshotReader::open(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0 && errno == ENOENT) return SnapshotReader(-1, 0);
  if (file < 0) return unreadable(path, std::generic_category().message(errno));
  SnapshotReader reader(file, 0);
  struct stat about {};
  if (::fstat(file, &about) != 0) return unreadable(path, std::generic_category().message(errno));
  if (S_ISDIR(about.st_mode)) return unreadable(path, "it is a directory");
  if (!S_ISREG(about.st_mode)) return unreadable(path, "it is not a regular file");
  reader.size_ = static_cast<std::uint64_t>(about.st_size);
  return reader;
}

SnapshotReader::SnapshotReader(int file, std::uint64_t size)
    : file_(file), size_(size), buffer_(file < 0 ? 0 : buffer_bytes) {}

SnapshotReader::SnapshotReader(SnapshotReader&& other) noexcept
    : file_(std::exchange(other.file_, -1)),
      error_(other.error_),
      size_(other.size_),
      at_(other.at_),
      end_(other.end_),
      buffer_(std::move(other.buffer_)),
      ready_(std::exchange(other.ready_, {})) {}

SnapshotReader::~SnapshotReader() {
  if (file_ >= 0) ::close(file_);
}

void SnapshotReader::seek(std::uint64_t from, std::uint64_t end) {
  ready_ = {};
  at_ = from;
  end_ = end;
}

bool SnapshotReader::read_into(char* to, std::size_t count) {
  std::uint64_t from = at_ + ready_.size();
  while (count > 0) {
    const ssize_t got = ::pread(file_, to, count, static_cast<off_t>(from));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) error_ = errno;
    if (got <= 0) {
      seek(end_, end_);
      return false;
    }
    to += got;
    from += static_cast<std::uint64_t>(got);
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

// At least one more byte in the buffer. REQUIRES: it is empty.
bool SnapshotReader::fill() {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left(), buffer_.size()));
  if (count == 0 || !read_into(buffer_.data(), count)) return false;
  ready_ = {buffer_.data(), count};
  return true;
}

std::optional<std::uint64_t> SnapshotReader::number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (ready_.empty() && !fill()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(ready_.front());
    ready_.remove_prefix(1);
    ++at_;
    if (shift == 63 && byte > 1) return std::nullopt;
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte >= 0x80U) continue;
    if (byte == 0 && shift != 0) return std::nullopt;  // longer than needed
    return number;
  }
  return std::nullopt;
}

std::optional<std::string_view> SnapshotReader::sized() {
  const std::optional<std::uint64_t> count = number();
  if (!count) return std::nullopt;
  return bytes(*count);
}

std::optional<std::string_view> SnapshotReader::bytes(std::uint64_t count) {
  if (count > left()) return std::nullopt;
  const auto size = static_cast<std::size_t>(count);
  if (size <= ready_.size()) {
    const std::string_view found = ready_.substr(0, size);
    ready_.remove_prefix(size);
    at_ += count;
    return found;
  }
  large_.resize(size);
  if (!ready_.empty()) ready_.copy(large_.data(), ready_.size());
  if (!read_into(large_.data() + ready_.size(), size - ready_.size())) return std::nullopt;
  ready_ = {};
  at_ += count;
  return large_;
}

bool SnapshotReader::skip(std::uint64_t count) {
  if (count > left()) return false;
  ready_.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(count, ready_.size())));
  at_ += count;
  return true;
}

std::optional<std::uint64_t> SnapshotReader::checksum() {
  XXH3_state_t sum;
  XXH3_64bits_reset(&sum);
  while (left() > 0) {
    if (ready_.empty() && !fill()) return std::nullopt;
    XXH3_64bits_update(&sum, ready_.data(), ready_.size());
    at_ += ready_.size();
    ready_ = {};
  }
  return XXH3_64bits_digest(&sum);
}

}  // namespace semantrix::memory
