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
namespace semantrix::redis {

/// A key on the server.
struct WireKey {
  std::string_view prefix;
  std::string_view key;
};

void append_get(Commands& commands, const WireKey& key);
void append_pttl(Commands& commands, const WireKey& key);
void append_set(Commands& commands, const WireKey& key, const Value& stored,
                std::optional<std::chrono::milliseconds> ttl);
/// "MGET" or "UNLINK" of the keys at these indices.
void append_many(Commands& commands, std::string_view command, std::string_view prefix,
                 std::span<const std::string> keys, std::span<const std::uint32_t> indices);
void append_scan(Commands& commands, std::string_view cursor, std::string_view pattern);

}  // namespace semantrix::redis
