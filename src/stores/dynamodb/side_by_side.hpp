#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace semantrix::dynamodb {

/// Does `part(0)` to `part(count - 1)`, at most `width` at a time, and comes back when the last has
/// ended. They run on one strand; what they refer to must outlive it.
[[nodiscard]] boost::asio::awaitable<void> side_by_side(
    std::size_t count, std::size_t width,
    std::function<boost::asio::awaitable<void>(std::size_t)> part);

}  // namespace semantrix::dynamodb
