#include "layers/checkpoint.hpp"

#include "base/hash.hpp"
#include "base/quote.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace semantrix::layers {
namespace {

constexpr std::string_view magic = "semantrix migration 1 ";

Error failure(const std::string& path, std::string_view what, int code) {
  return Error(ErrorCode::io_error, "the checkpoint " + quote(path) + " cannot be " +
                                        std::string(what) + ": " + std::strerror(code));
}

/// Hashed, since identities hold the names of hosts and people look into such files.
std::string header_of(std::string_view identity) {
  return std::string(magic) + std::to_string(key_digest(identity)) + "\n";
}

std::uint64_t digest_at(std::string_view bytes) noexcept {
  std::uint64_t digest = 0;
  std::memcpy(&digest, bytes.data(), sizeof digest);
  return digest;
}

bool write_all(int descriptor, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<std::string> read_all(const std::string& path, int descriptor) {
  std::string bytes;
  std::array<char, 65'536> piece;
  for (;;) {
    const ssize_t got = ::read(descriptor, piece.data(), piece.size());
    if (got == 0) return bytes;
    if (got > 0) bytes.append(piece.data(), static_cast<std::size_t>(got));
    if (got < 0 && errno != EINTR) return failure(path, "read", errno);
  }
}

}  // namespace

Result<Checkpoint> Checkpoint::open(const std::string& path, std::string_view identity) {
  Checkpoint checkpoint;
  if (path.empty()) return checkpoint;
  checkpoint.path_ = path;
  checkpoint.descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (checkpoint.descriptor_ < 0) return failure(path, "opened", errno);
  const std::string header = header_of(identity);
  if (auto read = checkpoint.read(header); !read) return read.error();
  return checkpoint;
}

Result<void> Checkpoint::read(std::string_view header) {
  const Result<std::string> bytes = read_all(path_, descriptor_);
  if (!bytes) return bytes.error();
  // A process killed at its very first write leaves part of a header.
  std::string_view keys = *bytes;
  if (header.substr(0, keys.size()) == keys) {
    if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0 ||
        !write_all(descriptor_, header)) {
      return failure(path_, "written", errno);
    }
    return {};
  }
  if (keys.substr(0, header.size()) != header) {
    return Error(ErrorCode::invalid_argument,
                 "the checkpoint " + quote(path_) + " belongs to another migration",
                 "name another file, or remove this one to begin anew");
  }
  keys.remove_prefix(header.size());
  copied_.reserve(keys.size() / sizeof(std::uint64_t));
  for (; keys.size() >= sizeof(std::uint64_t); keys.remove_prefix(sizeof(std::uint64_t))) {
    copied_.push_back(digest_at(keys));
  }
  std::sort(copied_.begin(), copied_.end());
  // What follows must begin at a key's place again.
  const auto whole = static_cast<off_t>(bytes->size() - keys.size());
  if (::ftruncate(descriptor_, whole) != 0 || ::lseek(descriptor_, whole, SEEK_SET) != whole) {
    return failure(path_, "written", errno);
  }
  return {};
}

Checkpoint::Checkpoint(Checkpoint&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      copied_(std::move(other.copied_)),
      unsaved_(std::move(other.unsaved_)) {}

Checkpoint::~Checkpoint() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Checkpoint::has(std::string_view key) const {
  return !copied_.empty() && std::binary_search(copied_.begin(), copied_.end(), key_digest(key));
}

void Checkpoint::remember(std::string_view key) {
  if (descriptor_ < 0) return;
  const std::uint64_t digest = key_digest(key);
  unsaved_.append(reinterpret_cast<const char*>(&digest), sizeof digest);
}

Result<void> Checkpoint::save() {
  if (unsaved_.empty()) return {};
  if (!write_all(descriptor_, unsaved_)) return failure(path_, "written", errno);
  unsaved_.clear();
  return {};
}

void Checkpoint::finish() noexcept {
  if (descriptor_ >= 0) ::unlink(path_.c_str());
}

}  // namespace semantrix::layers
