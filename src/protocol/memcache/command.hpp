#pragma once

#include "protocol/memcache/dialect.hpp"
#include "protocol/memcache/wire_key.hpp"
#include <semantrix/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Requests as the server reads them. Each gives one reply: none is quiet, so that replies count
/// and every error belongs to a request. All functions append.
namespace semantrix::memcache {

/// A number that a meta reply repeats (`Reply::opaque`); the classic dialect knows none.
using Opaque = std::optional<std::uint32_t>;

/// "mg K v" or "get K": values or miss.
void append_get(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque = {});

/// What one "get" may ask for: ElastiCache Serverless reads lines of 16 KiB, and a reply that is
/// too large holds up the others on its connection.
inline constexpr std::size_t most_keys = 100;
inline constexpr std::size_t most_line_bytes = std::size_t{16} * 1000;

/// How many keys from the front fit one `append_get_many`: at least one, if there is one.
[[nodiscard]] std::size_t fitting_keys(std::span<const WireKey> keys) noexcept;

/// "get K1 K2 …", of which every server answers values with their keys, or miss. REQUIRES: a key.
void append_get_many(std::string& out, std::span<const WireKey> keys);

/// "mg K t v f": values with `ttl` and `client_flags`. The meta dialect alone has it.
void append_get_entry(std::string& out, const WireKey& key, Opaque opaque = {});
/// "mg K t": done with `ttl`, or miss. The meta dialect alone has it.
void append_get_ttl(std::string& out, const WireKey& key, Opaque opaque = {});
/// "mg K t f", done with `ttl` and `client_flags`; or "get K", values with the latter; or miss.
void append_get_state(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque = {});

struct Set {
  std::int64_t seconds = 0;  ///< See `expiry.hpp`; 0: for ever.
  std::uint32_t flags = 0;   ///< The client's own, kept with the value.
  Opaque opaque = {};
};
/// "ms K bytes T… F…" or "set K flags seconds bytes": so many bytes and `end_of_data` have to
/// follow, from wherever they lie. Done, or an error.
void append_set_header(std::string& out, Dialect dialect, const WireKey& key, std::size_t bytes,
                       const Set& set = {});
inline constexpr std::string_view end_of_data = "\r\n";

/// A whole set, of a small value.
void append_set(std::string& out, Dialect dialect, const WireKey& key, std::string_view value,
                const Set& set = {});

/// "md K" or "delete K": done or not_found.
void append_delete(std::string& out, Dialect dialect, const WireKey& key, Opaque opaque = {});

/// "mg K T…" or "touch K seconds": done; else miss (meta) or not_found (classic).
void append_touch(std::string& out, Dialect dialect, const WireKey& key, std::int64_t seconds,
                  Opaque opaque = {});

/// "mn", or "version", the cheapest of the classic dialect: no_op or version.
void append_no_op(std::string& out, Dialect dialect);

/// Requests without arguments of the caller's.
inline constexpr std::string_view version_request = "version\r\n";  ///< version
inline constexpr std::string_view stats_request = "stats\r\n";      ///< statistics
inline constexpr std::string_view stats_settings_request = "stats settings\r\n";
/// configuration, or an error where no ElastiCache is; see `discovery.hpp`.
inline constexpr std::string_view discovery_request = "config get cluster\r\n";
/// Before 1.4.14: values with the same payload, or miss.
inline constexpr std::string_view old_discovery_request = "get AmazonElastiCache:cluster\r\n";
/// Every key there is, to be read by `MetadumpReader`. On a connection of its own, alone on it.
inline constexpr std::string_view metadump_request = "lru_crawler metadump hash\r\n";
/// For servers that answer BADCLASS to it. May leave out items that are moved meanwhile.
inline constexpr std::string_view old_metadump_request = "lru_crawler metadump all\r\n";

/// Logs in where the server asks for it (its option -Y), as a "set" of user and password: done, or
/// an error. Error (`invalid_argument`): the protocol cannot carry these.
[[nodiscard]] Result<void> append_login(std::string& out, std::string_view user,
                                        std::string_view password);

}  // namespace semantrix::memcache
