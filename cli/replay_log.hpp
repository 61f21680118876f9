#pragma once

#include <semantrix/error.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A prompt log: one JSON object a line, with `prompt` (a string) or `messages` (a list of objects,
/// as chat interfaces take them) and optionally `model`, `response`, `latency_ms`, `cost_usd`,
/// `timestamp`. null counts as absent, and other fields are ignored.
///
/// Two requests are the same when their model and prompt are, or their model and messages: compared
/// as JSON values, so that the order of keys and white space do not matter, while 1 and 1.0 differ.
/// A prompt never equals messages. Of a line with both, the messages count: they are the whole
/// context of the answer.
namespace semantrix::cli {

struct ReplayRequest {
  /// Where the answer is cached: "prompt:MODEL:DIGEST" or "messages:MODEL:DIGEST", the digest being
  /// 32 hexadecimal digits of the whole identity, the model cut to what is short and printable.
  std::string key;
  std::uint64_t identity = 0;  ///< Half of the digest: tells requests apart when counting.
  std::string_view response;   ///< Empty if the log has none. Valid until the next `parse`.
  double latency_ms = 0;       ///< What the model took; 0 if the log does not say.
  double cost_usd = 0;
};

/// Reads lines one after the other, in memory that it keeps from line to line. Not thread-safe.
class ReplayLogParser {
 public:
  ReplayLogParser();
  ~ReplayLogParser();

  /// Nothing but `invalid_argument` goes wrong, with a message that completes "line 17 …".
  [[nodiscard]] Result<ReplayRequest> parse(std::string_view line);

 private:
  Result<ReplayRequest> read_request();

  std::vector<unsigned char> memory_;
  std::optional<boost::json::monotonic_resource> resource_;
  std::optional<boost::json::value> document_;
  std::string canonical_;
};

/// The value as JSON without white space, the keys of objects sorted by their bytes at every level.
void append_canonical_json(std::string& out, const boost::json::value& value);

}  // namespace semantrix::cli
