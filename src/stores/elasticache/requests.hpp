#pragma once

#include "net/output_buffer.hpp"
#include <semantrix/value.hpp>

#include <chrono>
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

void append_get(net::OutputBuffer& out, const WireKey& key);
void append_pttl(net::OutputBuffer& out, const WireKey& key);
void append_set(net::OutputBuffer& out, const WireKey& key, const Value& stored,
                std::optional<std::chrono::milliseconds> ttl);
/// "MGET" or "UNLINK" of several keys.
void append_many(net::OutputBuffer& out, std::string_view command, std::string_view prefix,
                 std::span<const std::string> keys);
void append_scan(net::OutputBuffer& out, std::string_view cursor, std::string_view pattern);

}  // namespace semantrix::elasticache
