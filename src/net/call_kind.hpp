#pragma once

#include <cstdint>

namespace semantrix::net {

/// What a call is to its server.
enum class CallKind : std::uint8_t {
  read,   ///< May be repeated whatever became of it; any connection.
  write,  ///< May be repeated unless it may have reached the server; the first connection.
  scan,   ///< A read of many keys; a connection of its own if there are two.
};

}  // namespace semantrix::net
