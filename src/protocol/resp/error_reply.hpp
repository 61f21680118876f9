#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// What an error reply means. Its first word is its code, the rest is for people.
namespace semantrix::resp {

enum class ErrorKind : std::uint8_t {
  moved,            ///< Another node has the slot: go there, and learn the topology anew.
  ask,              ///< The key may be at another node: ASKING and the command there, once.
  try_again,        ///< The keys of one command are apart while their slot moves: wait.
  cluster_down,     ///< Nobody serves the slot: wait.
  master_down,      ///< A replica without its primary: wait.
  loading,          ///< The server reads its data: wait, or ask another replica.
  read_only,        ///< A replica was asked to write: drop the connection, resolve anew.
  busy,             ///< A script runs too long.
  no_auth,          ///< Nobody has logged in on this connection.
  wrong_pass,       ///< The server refuses the user or password.
  no_perm,          ///< The user may not do this.
  cross_slot,       ///< One command with keys of several slots.
  wrong_type,       ///< Something that is no string is stored under the key.
  out_of_memory,    ///< `maxmemory` is reached and nothing may be evicted.
  max_clients,      ///< The server takes no more connections; it closes this one.
  no_proto,         ///< No RESP3 here: a server before version 6.
  unknown_command,  ///< The server, or what stands before it, lacks the command.
  misconf,          ///< It cannot save to disk, and so refuses writes.
  other,
};

/// By the text of an error reply, without its mark. One look at a table of prefixes.
[[nodiscard]] ErrorKind classify_error(std::string_view text) noexcept;

/// An error reply as an error of the library: phase `received`, with a remedy where there is one,
/// and `retryable` where waiting helps. Its `server_message` is fit for logs: one line, cut to 200
/// bytes, without what the server repeats of the command's arguments.
[[nodiscard]] Error to_error(std::string_view text);

/// The server's words as `to_error` shows them.
[[nodiscard]] std::string redact_error(std::string_view text);

}  // namespace semantrix::resp
