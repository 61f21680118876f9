#pragma once

#include <boost/asio/any_io_executor.hpp>

namespace semantrix {

/// The library's own thread: one a process, started on first use, never joined. Stores that were
/// given no executor run on it, and so do `BlockingStore` and Python. After `fork` the child gets a
/// new one. Thread-safe.
[[nodiscard]] boost::asio::any_io_executor library_executor();

}  // namespace semantrix
