#pragma once

#include "net/call_kind.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace semantrix::redis {

using net::CallKind;
class Node;

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
