#pragma once

#include <semantrix/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::memcache {

/// One entry of a server, as its crawler sees it.
struct DumpedKey {
  std::string key;                                  ///< As it stands on the wire, prefix included.
  std::optional<std::chrono::sys_seconds> expires;  ///< By the server's clock; nothing: never.
  std::uint64_t bytes = 0;                          ///< Of the item in the server's memory.
};

/// Reads the answer to `metadump_request` line by line, from bytes that arrive in any pieces:
/// "key=K exp=1700000000 la=… cas=… fetch=no cls=1 size=67" for each entry, in the end END.
///
/// A dump that breaks off without END is not whole. Each byte is looked at a fixed number of times.
/// Not thread-safe.
class MetadumpReader {
 public:
  enum class State : std::uint8_t { need_more, entry, end, failed };

  /// `input` begins behind what was consumed. After `need_more` call again with the same bytes and
  /// more behind them. After `end` nothing more comes; after `failed` it stays so.
  State read(std::string_view input);

  /// After `entry` and `end`: bytes that are read, to be taken off the input.
  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }
  /// After `entry`, until the next `read`.
  [[nodiscard]] const DumpedKey& entry() const noexcept { return entry_; }
  /// After `failed`. Codes: not_supported (the server has no dump, or forbids it), unavailable (it
  /// is at another one: retryable), protocol_error. `old_metadump_request` may do where the server
  /// knows no dump of its hash table, which `is_old_server` tells.
  [[nodiscard]] const Error& error() const noexcept { return error_; }
  [[nodiscard]] bool is_old_server() const noexcept { return is_old_server_; }

 private:
  State line(std::string_view line);
  bool parse_entry(std::string_view line);
  State fail(Error why);

  State state_ = State::need_more;
  std::size_t looked_at_ = 0;  // Up to where an unfinished line has no end.
  std::size_t consumed_ = 0;
  DumpedKey entry_;
  Error error_;
  bool is_old_server_ = false;
};

}  // namespace semantrix::memcache
