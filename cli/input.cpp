#include "cli/input.hpp"

#include "cli/interrupt.hpp"
#include <semantrix/error.hpp>

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace semantrix::cli {

std::size_t read_some(int descriptor, char* to, std::size_t size, std::string_view what) {
  // A signal just before a blocking read would be noticed only with the next byte: hence the waits
  // of limited length.
  constexpr int wait_ms = 100;
  for (;;) {
    interruption_point();
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, wait_ms);
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t count = ::read(descriptor, to, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR && errno != EAGAIN) throw_unreadable(what, errno);
  }
}

void throw_unreadable(std::string_view what, int error) {
  throw CacheError(
      Error(ErrorCode::io_error,
            fmt::format("{} cannot be read: {}", what, std::generic_category().message(error)),
            "check the path and its permissions"));
}

}  // namespace semantrix::cli
