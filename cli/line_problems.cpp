#include "cli/line_problems.hpp"

#include "cli/format.hpp"

#include <fmt/format.h>

namespace semantrix::cli {

void LineProblems::add(std::uint64_t line, std::string_view why, int status) {
  context_.raise_status(status);
  if (++count_ > printed_at_most) return;
  context_.note(fmt::format("line {} of {} {}", line, reader_.name(), why));
}

void LineProblems::finish() {
  if (count_ <= printed_at_most) return;
  const std::uint64_t more = count_ - printed_at_most;
  context_.note(fmt::format("{} more {} of {} could not be used", grouped(more),
                            more == 1 ? "line" : "lines", reader_.name()));
}

std::string too_long_message(const LineReader& reader) {
  return fmt::format("is longer than {}", human_bytes(static_cast<double>(reader.line_limit())));
}

}  // namespace semantrix::cli
