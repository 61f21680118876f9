#include "protocol/dynamodb/wire_key.hpp"

#include "base/utf8.hpp"
#include "protocol/sigv4/digest.hpp"

#include <fmt/format.h>

namespace semantrix::dynamodb {
namespace {

constexpr std::string_view reserved = "#smx:";

}  // namespace

WireKey wire_key(std::string_view prefix, std::string_view key) {
  const bool plain =
      prefix.size() + key.size() <= longest_wire_key && !key.starts_with(reserved) && is_utf8(key);
  if (plain) return {std::string(prefix).append(key), false};
  const std::string digest = sigv4::to_hex(sigv4::sha256(key));
  return {fmt::format("{}{}k:{}", prefix, reserved, digest), true};
}

std::string chunk_key(std::string_view prefix, std::string_view key, std::uint64_t generation,
                      std::uint64_t index) {
  const std::string digest = sigv4::to_hex(sigv4::sha256(key)).substr(0, 32);
  return fmt::format("{}{}c:{}:{:016x}:{}", prefix, reserved, digest, generation, index);
}

}  // namespace semantrix::dynamodb
