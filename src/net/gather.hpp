#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace semantrix::net {

/// Runs the parts at the same time, on the caller's executor, and comes back when the last has
/// ended. Cancelling it cancels them all. What they refer to must outlive it.
[[nodiscard]] boost::asio::awaitable<void> gather(std::vector<boost::asio::awaitable<void>> parts);

}  // namespace semantrix::net
