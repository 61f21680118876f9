#include "protocol/memcache/error_reply.hpp"

#include "protocol/memcache/line.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace semantrix::memcache {

namespace {

struct Row {
  std::string_view prefix;
  ErrorKind kind;
  ErrorCode code;
  bool retryable;
  std::string_view message;
  std::string_view remedy;
};

constexpr std::string_view refused = "the server refuses the user or password";
constexpr std::string_view check = "check user and password";
constexpr std::string_view no_dump = "the server does not list its keys";
constexpr std::string_view new_prefix =
    "choose another 'key_prefix' instead of clearing this one, or allow the server's LRU crawler";

// The first row whose prefix the line has, up to a space or its end, is what it means. Retryable is
// what time alone can cure; what a person has to change is not.
constexpr std::array rows{
    Row{"SERVER_ERROR object too large for cache", ErrorKind::too_large, ErrorCode::too_large,
        false, "the value is larger than the server's item limit",
        "raise the server's item limit (-I), or switch compression on with 'compress_threshold'"},
    Row{"SERVER_ERROR out of memory storing object", ErrorKind::out_of_memory,
        ErrorCode::server_out_of_memory, false, "the server has no memory for the value",
        "give the server more memory (-m), or let it evict (without -M)"},
    Row{"SERVER_ERROR out of memory", ErrorKind::unavailable, ErrorCode::unavailable, true,
        "the server has no memory for the answer", "give the server more memory"},
    Row{"SERVER_ERROR", ErrorKind::unavailable, ErrorCode::unavailable, true,
        "the server cannot serve the command", "look into the server's log"},
    Row{"CLIENT_ERROR unauthenticated", ErrorKind::unauthenticated,
        ErrorCode::authentication_failed, false, "the server asks for a user and password",
        "give the store a user and password"},
    Row{"CLIENT_ERROR authentication failure", ErrorKind::wrong_credentials,
        ErrorCode::authentication_failed, false, refused, check},
    Row{"CLIENT_ERROR bad authentication token format", ErrorKind::wrong_credentials,
        ErrorCode::authentication_failed, false, refused, check},
    Row{"CLIENT_ERROR auth token too long", ErrorKind::wrong_credentials,
        ErrorCode::authentication_failed, false, refused, check},
    Row{"CLIENT_ERROR lru crawler disabled", ErrorKind::not_allowed, ErrorCode::not_supported,
        false, no_dump, new_prefix},
    Row{"ERROR metadump not allowed", ErrorKind::not_allowed, ErrorCode::not_supported, false,
        no_dump, new_prefix},
    Row{"ERROR Too many open connections", ErrorKind::too_many_connections,
        ErrorCode::connect_failed, true, "the server takes no more connections",
        "raise its limit (-c), or lower 'max_pool_connections'"},
    Row{"CLIENT_ERROR", ErrorKind::malformed_request, ErrorCode::protocol_error, false,
        "the server could not read what was sent", "check what stands between, or report it"},
    Row{"BUSY", ErrorKind::busy, ErrorCode::unavailable, true,
        "the server is busy with another crawl of its keys", "try again later"},
    Row{"LOCKED", ErrorKind::busy, ErrorCode::unavailable, true,
        "the server is busy with another crawl of its keys", "try again later"},
    Row{"BADCLASS", ErrorKind::bad_class, ErrorCode::not_supported, false,
        "the server cannot crawl its hash table", "use a newer Memcached"},
    Row{"ERROR", ErrorKind::unknown_command, ErrorCode::not_supported, false,
        "the server does not know the command",
        "check that the endpoint is a Memcached server that has it"},
};

constexpr auto words = std::to_array<std::string_view>(
    {"ERROR", "CLIENT_ERROR", "SERVER_ERROR", "BUSY", "LOCKED", "BADCLASS"});

bool begins_with(std::string_view line, std::string_view prefix) noexcept {
  return line.starts_with(prefix) && (line.size() == prefix.size() || line[prefix.size()] == ' ');
}

const Row& row_of(std::string_view line) noexcept {
  const auto* row = std::find_if(rows.begin(), rows.end(),
                                 [line](const Row& r) { return begins_with(line, r.prefix); });
  return row == rows.end() ? rows.back() : *row;
}

// The server's own texts beyond what `rows` knows: all of them say what is wrong with the request.
constexpr auto known = std::to_array<std::string_view>({
    "bad command line format",
    "bad command line",
    "bad command line termination",
    "bad data chunk",
    "line format",
    "line too long",
    "invalid exptime argument",
    "invalid flag",
    "invalid or duplicate flag",
    "duplicate flag",
    "key too long",
    "error decoding key",
    "opaque token too long",
    "options flags too long",
});

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Whether a word of a text that is not known may be shown, which the word before it decides too.
bool may_show(std::string_view word, std::string_view before) noexcept {
  constexpr std::size_t longest = 16;
  for (const std::string_view name : {"key", "Key", "key:", "keys", "value", "value:", "item"}) {
    if (before == name) return false;
  }
  const std::size_t letters = word.find_last_not_of(".,:;!");
  if (letters == std::string_view::npos || word.size() > longest) return false;
  word = word.substr(0, letters + 1);
  return std::all_of(word.begin(), word.end(), is_letter);
}

void append_word(std::string& shown, std::string_view word) {
  if (!shown.empty()) shown += ' ';
  shown += word;
}

}  // namespace

bool is_error(std::string_view line) noexcept {
  const std::string_view first = take_word(line);
  return std::find(words.begin(), words.end(), first) != words.end();
}

ErrorKind classify_error(std::string_view line) noexcept { return row_of(line).kind; }

bool ends_connection(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::unknown_command:
    case ErrorKind::malformed_request:
    case ErrorKind::unauthenticated:
    case ErrorKind::wrong_credentials:
    case ErrorKind::too_many_connections:
      return true;
    default:
      return false;
  }
}

std::string redact_error(std::string_view line) {
  constexpr std::size_t longest = 200;
  const Row& row = row_of(line);
  std::string shown;
  std::string_view rest = line;
  if (begins_with(line, row.prefix)) {
    shown = row.prefix;
    rest.remove_prefix(row.prefix.size());
  }
  const std::string_view text = rest.substr(std::min<std::size_t>(rest.size(), 1));
  if (std::find(known.begin(), known.end(), text) != known.end()) {
    append_word(shown, text);
    return shown;
  }
  std::string_view before;
  for (std::string_view word = take_word(rest); !word.empty() && shown.size() < longest;
       word = take_word(rest)) {
    append_word(shown, may_show(word, before) ? word : "***");
    before = word;
  }
  if (shown.size() > longest) shown.resize(longest);
  return shown;
}

Error to_error(std::string_view line) {
  const Row& row = row_of(line);
  ErrorInfo info;
  info.code = row.code;
  info.message = row.message;
  info.remedy = row.remedy;
  info.server_message = redact_error(line);
  info.retryable = row.retryable;
  info.phase = Phase::received;
  return Error(std::move(info));
}

}  // namespace semantrix::memcache
