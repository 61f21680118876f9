#include "open/shared_options.hpp"

#include <limits>

namespace semantrix {
namespace {

Error refuse(std::string message) { return {ErrorCode::invalid_argument, std::move(message)}; }

}  // namespace

Result<std::string> parse_text(std::string_view text) { return std::string(text); }

Result<std::string> parse_name(std::string_view text) {
  if (text.empty()) return refuse("it is empty");
  return std::string(text);
}

Result<std::chrono::milliseconds> parse_delay(std::string_view text) {
  return parse_duration(text, DurationRange::not_negative);
}

Result<int> parse_attempts(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  return static_cast<int>(std::min<std::size_t>(*count, std::numeric_limits<int>::max()));
}

Result<std::uint32_t> parse_database(std::string_view text) {
  const auto count = parse_count(text);
  if (!count) return count.error();
  if (*count > std::numeric_limits<std::int32_t>::max()) return refuse("it is too large");
  return static_cast<std::uint32_t>(*count);
}

Result<OnError> parse_outage(std::string_view text) {
  return parse_named<parse_on_error>("way to meet an outage", text, OnError::raise, OnError::miss);
}

Result<ReadFrom> parse_reads(std::string_view text) {
  return parse_named<parse_read_from>("place to read from", text, ReadFrom::primary,
                                      ReadFrom::replica, ReadFrom::nearest);
}

}  // namespace semantrix
