#pragma once

#include <cstdint>
#include <string>

namespace semantrix::testing {

/// Where something listens.
struct Endpoint {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const { return host + ":" + std::to_string(port); }
  bool operator==(const Endpoint&) const = default;
};

}  // namespace semantrix::testing
