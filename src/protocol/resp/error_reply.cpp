#include "protocol/resp/error_reply.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace semantrix::resp {

namespace {

struct Row {
  std::string_view prefix;
  ErrorKind kind;
  ErrorCode code;
  bool retryable;
  std::string_view message;
  std::string_view remedy;
};

constexpr std::string_view wait = "wait for the server to recover, or raise 'deadline'";

// The first row whose prefix the text has, up to a space or its end, is what it means. Retryable is
// what time alone can cure; what a person has to change is not.
constexpr std::array rows{
    Row{"MOVED", ErrorKind::moved, ErrorCode::unavailable, true,
        "another node of the cluster has the key", "open the store with cluster=true"},
    Row{"ASK", ErrorKind::ask, ErrorCode::unavailable, true,
        "the key is on its way to another node of the cluster", "open the store with cluster=true"},
    Row{"TRYAGAIN", ErrorKind::try_again, ErrorCode::unavailable, true,
        "the keys are on their way to another node of the cluster", wait},
    Row{"CLUSTERDOWN", ErrorKind::cluster_down, ErrorCode::unavailable, true,
        "the cluster does not serve the key's slot", wait},
    Row{"MASTERDOWN", ErrorKind::master_down, ErrorCode::unavailable, true,
        "the replica has lost its primary", wait},
    Row{"LOADING", ErrorKind::loading, ErrorCode::unavailable, true,
        "the server is still loading its data", wait},
    Row{"READONLY", ErrorKind::read_only, ErrorCode::unavailable, true,
        "the server is a replica and takes no writes", "connect to the primary endpoint"},
    Row{"BUSY", ErrorKind::busy, ErrorCode::unavailable, true, "the server is busy with a script",
        "end the script with SCRIPT KILL"},
    Row{"UNKILLABLE", ErrorKind::busy, ErrorCode::unavailable, true,
        "the server is busy with a script", "wait for the script to end"},
    Row{"NOREPLICAS", ErrorKind::other, ErrorCode::unavailable, true,
        "the server has too few replicas to take writes",
        "bring its replicas back, or lower 'min-replicas-to-write'"},
    Row{"NOAUTH", ErrorKind::no_auth, ErrorCode::authentication_failed, false,
        "the server asks for a password", "give the store a user and password"},
    Row{"WRONGPASS", ErrorKind::wrong_pass, ErrorCode::authentication_failed, false,
        "the server refuses the user or password", "check user and password"},
    Row{"ERR invalid password", ErrorKind::wrong_pass, ErrorCode::authentication_failed, false,
        "the server refuses the password", "check the password"},
    Row{"ERR AUTH", ErrorKind::wrong_pass, ErrorCode::authentication_failed, false,
        "the server has no password set for this user", "leave the password out, or name a user"},
    Row{"ERR Client sent AUTH,", ErrorKind::wrong_pass, ErrorCode::authentication_failed, false,
        "the server has no password set", "leave the password out"},
    Row{"DENIED", ErrorKind::other, ErrorCode::permission_denied, false,
        "the server is in protected mode and takes local connections alone",
        "set a password on the server, or bind it to the network on purpose"},
    Row{"NOPERM", ErrorKind::no_perm, ErrorCode::permission_denied, false,
        "the user may not run the command or not on this key",
        "grant the user the command and the keys of 'key_prefix' with ACL SETUSER"},
    Row{"CROSSSLOT", ErrorKind::cross_slot, ErrorCode::internal, false,
        "one command was sent with keys of several slots", "report it, please"},
    Row{"WRONGTYPE", ErrorKind::wrong_type, ErrorCode::corrupt, false,
        "what is stored under the key is no cache entry",
        "choose another 'key_prefix', or delete the key"},
    Row{"OOM", ErrorKind::out_of_memory, ErrorCode::server_out_of_memory, false,
        "the server is out of memory and may evict nothing",
        "raise its 'maxmemory', or set 'maxmemory-policy' to allkeys-lru"},
    Row{"ERR max number of clients", ErrorKind::max_clients, ErrorCode::connect_failed, true,
        "the server takes no more connections",
        "raise its 'maxclients', or lower 'max_pool_connections'"},
    Row{"NOPROTO", ErrorKind::no_proto, ErrorCode::not_supported, false,
        "the server does not speak RESP3", "use RESP2 with it"},
    Row{"ERR unknown command", ErrorKind::unknown_command, ErrorCode::not_supported, false,
        "the server does not know the command", "use Redis 6 or newer, or Valkey"},
    Row{"ERR unknown subcommand", ErrorKind::unknown_command, ErrorCode::not_supported, false,
        "the server does not know the command", "use Redis 6 or newer, or Valkey"},
    Row{"MISCONF", ErrorKind::misconf, ErrorCode::unavailable, false,
        "the server cannot save to disk and refuses writes",
        "repair its disk, or set 'stop-writes-on-bgsave-error' to no"},
    Row{"ERR DB index is out of range", ErrorKind::other, ErrorCode::invalid_argument, false,
        "the server has no database of this number", "choose a smaller number"},
    Row{"ERR Protocol error:", ErrorKind::other, ErrorCode::protocol_error, false,
        "the server could not read what was sent", "check what stands between"},
    Row{"", ErrorKind::other, ErrorCode::protocol_error, false, "the server refuses the command",
        ""},
};

const Row& row_of(std::string_view text) noexcept {
  for (const Row& row : rows) {
    const std::size_t size = row.prefix.size();
    if (text.starts_with(row.prefix) && (text.size() == size || text[size] == ' ')) return row;
  }
  return rows.back();
}

bool is_name(std::string_view text) noexcept {
  constexpr std::string_view bytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_|-.";
  return !text.empty() && text.size() <= 32 && text.find_first_not_of(bytes) == text.npos;
}

/// Whether what a message quotes at [begin, end) is certainly a name of the server's own.
bool may_show(std::string_view text, std::size_t begin, std::size_t end) noexcept {
  const std::string_view quoted = text.substr(begin, end - begin);
  if (quoted == "maxmemory") return true;
  const bool command = text.substr(0, begin - 1).ends_with("command ") ||
                       text.substr(end + 1).starts_with(" command");
  return command && is_name(quoted);
}

}  // namespace

ErrorKind classify_error(std::string_view text) noexcept { return row_of(text).kind; }

std::string redact_error(std::string_view text) {
  constexpr std::size_t longest = 200;
  // The command's arguments, keys and values among them.
  text = text.substr(0, text.find(", with args beginning with"));
  std::string shown;
  for (std::size_t at = 0; at < text.size() && shown.size() < longest; ++at) {
    const char c = text[at];
    const bool quote = (c == '\'' || c == '`' || c == '"') &&
                       (at == 0 || text[at - 1] == ' ' || text[at - 1] == '(');
    if (!quote) {
      shown += c >= 0x20 && c < 0x7f ? c : ' ';
      continue;
    }
    const std::size_t end = text.find(c, at + 1);
    const bool show = end != text.npos && may_show(text, at + 1, end);
    shown += show ? text.substr(at, end + 1 - at) : "'***'";
    if (end == text.npos) break;
    at = end;
  }
  if (shown.size() > longest) shown.resize(longest);
  return shown;
}

Error to_error(std::string_view text) {
  const Row& row = row_of(text);
  ErrorInfo info;
  info.code = row.code;
  info.message = row.message;
  info.remedy = row.remedy;
  info.server_message = redact_error(text);
  info.retryable = row.retryable;
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace semantrix::resp
