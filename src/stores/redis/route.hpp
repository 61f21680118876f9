#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::redis {

class Node;

/// What a call is to its server.
enum class CallKind : std::uint8_t {
  read,   ///< May be repeated whatever became of it; any connection.
  write,  ///< May be repeated unless it may have reached the server; the first connection.
  scan,   ///< A read of many keys; a connection of its own if there are two.
};

/// Where a call goes. The texts must outlive it.
struct Route {
  CallKind kind = CallKind::read;
  std::string_view prefix = {};
  std::string_view key = {};  ///< With the prefix it decides on the server. Empty: any server.
  std::shared_ptr<Node> server = nullptr;  ///< This one and no other.
  /// Default: the options' deadline from now.
  std::optional<std::chrono::steady_clock::time_point> deadline = std::nullopt;
};

}  // namespace semantrix::redis
