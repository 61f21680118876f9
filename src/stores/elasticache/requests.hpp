#pragma once

#include "stores/redis/commands.hpp"
#include <semantrix/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The commands of the store, as they are written. Keys are `prefix` + `key`, never put together
/// anywhere but on the wire.
namespace semantrix::elasticache {

/// A key on the server.
struct WireKey {
  std::string_view prefix;
  std::string_view key;
};

void append_get(redis::Commands& commands, const WireKey& key);
void append_pttl(redis::Commands& commands, const WireKey& key);
void append_set(redis::Commands& commands, const WireKey& key, const Value& stored,
                std::optional<std::chrono::milliseconds> ttl);
/// "MGET" or "UNLINK" of the keys at these indices.
void append_many(redis::Commands& commands, std::string_view command, std::string_view prefix,
                 std::span<const std::string> keys, std::span<const std::uint32_t> indices);
void append_scan(redis::Commands& commands, std::string_view cursor, std::string_view pattern);

}  // namespace semantrix::elasticache
