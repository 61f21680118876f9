#pragma once

#include <semantrix/clock.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace semantrix::testing {

/// How a `LoopbackStore` behaves.
struct LoopbackOptions {
  /// Ttl of an `add` that names none. Positive. Default: entries do not expire.
  std::optional<std::chrono::milliseconds> default_ttl = std::nullopt;

  /// The server's clock. Null (the default): the machine's.
  std::shared_ptr<const Clock> clock = nullptr;
};

}  // namespace semantrix::testing
