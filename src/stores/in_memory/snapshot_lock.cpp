#include "stores/in_memory/snapshot_lock.hpp"

#include "base/quote.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace semantrix::in_memory {
namespace {

Error cannot_lock(const std::string& path, int cause) {
  return Error(
      ErrorCode::io_error,
      "the lock file " + quote(path) + " cannot be used: " + std::generic_category().message(cause),
      "name a snapshot in a folder that exists and can be written");
}

Error in_use(const std::string& snapshot_path) {
  return Error(ErrorCode::busy,
               "the snapshot " + quote(snapshot_path) + " is in use by another store",
               "close that one first, or name another file");
}

/// The previous owner removes the file as it leaves: a lock on a file that has no name any more
/// keeps nobody out.
bool still_named(int descriptor, const std::string& path) {
  struct stat held {};
  struct stat named {};
  return ::fstat(descriptor, &held) == 0 && ::stat(path.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

bool not_permitted(int cause) { return cause == EACCES || cause == EPERM || cause == EROFS; }

}  // namespace

Result<SnapshotLock> SnapshotLock::acquire(const std::string& snapshot_path) {
  std::string path = snapshot_path + ".lock";
  for (;;) {
    int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) {
      const int cause = errno;
      if (!not_permitted(cause)) return cannot_lock(path, cause);
      descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // someone else's
      if (descriptor < 0 && ::access(snapshot_path.c_str(), R_OK) != 0) {
        return cannot_lock(path, cause);
      }
      if (descriptor < 0) return SnapshotLock(std::move(path), -1);
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int cause = errno;
      ::close(descriptor);
      if (cause == EWOULDBLOCK) return in_use(snapshot_path);
      if (cause == EINTR) continue;
      return cannot_lock(path, cause);
    }
    if (still_named(descriptor, path)) return SnapshotLock(std::move(path), descriptor);
    ::close(descriptor);
  }
}

SnapshotLock::SnapshotLock(std::string path, int descriptor) noexcept
    : path_(std::move(path)), descriptor_(descriptor), process_(::getpid()) {}

SnapshotLock::SnapshotLock(SnapshotLock&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      process_(other.process_) {}

SnapshotLock::~SnapshotLock() {
  if (descriptor_ < 0) return;
  if (ours()) ::unlink(path_.c_str());  // While it is held: see still_named.
  ::close(descriptor_);
}

bool SnapshotLock::ours() const noexcept { return !read_only() && process_ == ::getpid(); }

}  // namespace semantrix::in_memory
