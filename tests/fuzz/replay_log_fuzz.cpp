// Lines of a replay log and of a dump file. Whatever the bytes: no crash, a second look agrees with
// the first, and what was read survives being written and read again.
#include "cli/dump_format.hpp"
#include "cli/replay_log.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using namespace semantrix;
using namespace semantrix::cli;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_replay_log(std::string_view line) {
  static ReplayLogParser parser;
  const auto first = parser.parse(line);
  if (!first) {
    require(first.error().code() == ErrorCode::invalid_argument &&
            !first.error().message().empty());
    return;
  }
  require(!first->key.empty() && first->latency_ms >= 0 && first->cost_usd >= 0);
  const auto second = parser.parse(line);
  require(second && second->key == first->key && second->identity == first->identity);
}

void check_dump_line(std::string_view line) {
  constexpr std::chrono::milliseconds now(1'700'000'000'000);
  const auto first = parse_dump_line(line, now);
  if (!first || first->expired) return;
  require(!first->key.empty());
  const Entry entry{first->value, first->ttl, first->tags};
  const auto second = parse_dump_line(format_dump_line(first->key, entry, now), now);
  require(second && second->key == first->key && second->value == first->value);
  require(second->ttl == first->ttl && second->tags == first->tags && !second->expired);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  check_replay_log(line);
  check_dump_line(line);
  return 0;
}
