#pragma once

#include <cstddef>
#include <string_view>

namespace semantrix::cli {

/// Reads at most `size` bytes; 0 at the end. Waits for them, but not past Ctrl-C. Throws
/// `Interrupted`, or `CacheError(io_error)` that names `what`.
[[nodiscard]] std::size_t read_some(int descriptor, char* to, std::size_t size,
                                    std::string_view what);

/// The error of a file that cannot be read.
[[noreturn]] void throw_unreadable(std::string_view what, int error);

}  // namespace semantrix::cli
