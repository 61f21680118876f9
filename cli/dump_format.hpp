#pragma once

#include <semantrix/cache_store.hpp>
#include <semantrix/error.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The line of a dump file: one entry as a JSON object.
///
///     {"key":"k","value":"v","ttl_ms":60000,"expires_ms":1767225600000}
///
/// Bytes that are not UTF-8 stand as `key_b64`, `value_b64`; times are null for what does not
/// expire; `tags` is there when the entry has any. When a line is read, `expires_ms` outranks
/// `ttl_ms`, and fields that are not known are ignored.
namespace semantrix::cli {

struct DumpLine {
  std::string key;
  Value value;
  std::optional<std::chrono::milliseconds> ttl;
  std::vector<std::string> tags;
  bool expired = false;  ///< Its time passed between the dump and now.
};

/// Without an end of line. `now` is calendar time since 1970.
[[nodiscard]] std::string format_dump_line(std::string_view key, const Entry& entry,
                                           std::chrono::milliseconds now);

/// Nothing but `invalid_argument` goes wrong, with a message that completes "line 17 …".
[[nodiscard]] Result<DumpLine> parse_dump_line(std::string_view line,
                                               std::chrono::milliseconds now);

}  // namespace semantrix::cli
