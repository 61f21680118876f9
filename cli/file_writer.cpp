#include "cli/file_writer.hpp"

#include "base/quote.hpp"
#include "cli/output.hpp"
#include <semantrix/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>

namespace semantrix::cli {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{256} << 10;

[[noreturn]] void throw_unwritable(const std::string& name, int error) {
  throw CacheError(
      Error(ErrorCode::io_error,
            fmt::format("{} cannot be written: {}", name, std::generic_category().message(error)),
            "check the path, its permissions and the free space"));
}

std::string without_links(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr),
                                                         &std::free);
  return real ? std::string(real.get()) : path;
}

// A rename survives a crash once the folder that holds the name is on disk too.
void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

FileWriter::FileWriter(const std::string& path) : path_(without_links(path)), name_(quote(path)) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (!exists || S_ISREG(status.st_mode)) {
    open_beside(exists ? static_cast<int>(status.st_mode & 07777U) : -1);
    return;
  }
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor_ < 0) throw_unwritable(name_, errno);
}

void FileWriter::open_beside(int mode) {
  temporary_ = fmt::format("{}.{}.tmp", path_, ::getpid());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    const int error = errno;
    temporary_.clear();
    throw_unwritable(name_, error);
  }
  if (mode >= 0) static_cast<void>(::fchmod(descriptor_, static_cast<mode_t>(mode)));
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void FileWriter::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() >= buffer_bytes) flush();
}

void FileWriter::flush() {
  write_all(descriptor_, buffer_, name_);
  buffer_.clear();
}

void FileWriter::commit() {
  flush();
  if (temporary_.empty()) return;
  if (::fsync(descriptor_) != 0) throw_unwritable(name_, errno);
  const int closed = ::close(descriptor_);
  descriptor_ = -1;
  if (closed != 0) throw_unwritable(name_, errno);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) throw_unwritable(name_, errno);
  temporary_.clear();
  sync_folder_of(path_);
}

}  // namespace semantrix::cli
