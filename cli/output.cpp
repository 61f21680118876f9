#include "cli/output.hpp"

#include <semantrix/error.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace semantrix::cli {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{64} << 10;

}  // namespace

void write_all(int descriptor, std::string_view bytes, std::string_view what) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EPIPE) throw ClosedPipe{};
    throw CacheError(
        Error(ErrorCode::io_error,
              fmt::format("{} cannot be written: {}", what, std::generic_category().message(errno)),
              "make room or write elsewhere"));
  }
}

void Output::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  if (bytes.size() > buffer_bytes) {
    write_all(descriptor_, bytes, "standard output");
    return;
  }
  buffer_ += bytes;
}

void Output::line(std::string_view text) {
  write(text);
  write("\n");
}

void Output::flush() {
  std::string pending;
  pending.swap(buffer_);
  write_all(descriptor_, pending, "standard output");
  pending.clear();
  buffer_.swap(pending);
}

bool Output::is_terminal() const noexcept { return ::isatty(descriptor_) != 0; }

void guard_standard_streams() noexcept {
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) != -1) continue;
    // open() takes the lowest free number, which is this one.
    const int opened = ::open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY);
    if (opened != descriptor && opened >= 0) ::close(opened);
  }
}

}  // namespace semantrix::cli
