#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// What an error line means. Its first word is its kind, the rest is for people.
namespace semantrix::memcache {

enum class ErrorKind : std::uint8_t {
  unknown_command,       ///< ERROR: the server, or what stands before it, lacks the command.
  malformed_request,     ///< CLIENT_ERROR: it may take what follows for commands. Never go on.
  too_large,             ///< The value is over the item limit; what was stored before is gone.
  out_of_memory,         ///< No room, and nothing may be evicted; what was stored before is gone.
  unauthenticated,       ///< Nobody has logged in on this connection.
  wrong_credentials,     ///< The server refuses the user or password.
  not_allowed,           ///< Switched off: the LRU crawler, dumps of the keys.
  busy,                  ///< One crawl of the keys at a time.
  bad_class,             ///< The crawler does not know "hash": an old server, which knows "all".
  too_many_connections,  ///< The server takes no more of them; it closes this one.
  unavailable,           ///< SERVER_ERROR of any other kind: it cannot serve now.
};

/// Whether the line is an error, by its first word.
[[nodiscard]] bool is_error(std::string_view line) noexcept;

/// By the text of an error line. One look at a table of prefixes.
[[nodiscard]] ErrorKind classify_error(std::string_view line) noexcept;

/// Whether the connection must be closed: requests and replies may no longer be in step, or it has
/// not logged in.
[[nodiscard]] bool ends_connection(ErrorKind kind) noexcept;

/// An error line as an error of the library: phase `received`, with a remedy where there is one,
/// and `retryable` where waiting helps. Its `server_message` is fit for logs, see `redact_error`.
[[nodiscard]] Error to_error(std::string_view line);

/// The server's words in one line of at most 200 bytes. Servers do not quote keys or values; should
/// one do so, it must not get through: of what is not known to be a server's own text only short
/// words of letters are shown, and none behind "key" or "value".
[[nodiscard]] std::string redact_error(std::string_view line);

}  // namespace semantrix::memcache
