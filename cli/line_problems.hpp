#pragma once

#include "cli/context.hpp"
#include "cli/line_reader.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::cli {

/// Lines of an input that could not be used: the first twenty are named one by one, the rest
/// counted, and the exit status says that there were some.
class LineProblems {
 public:
  static constexpr std::uint64_t printed_at_most = 20;

  LineProblems(Context& context, const LineReader& reader) : context_(context), reader_(reader) {}

  /// `why` completes "line 17 of 'log.jsonl' …", e.g. "is no JSON".
  void add(std::uint64_t line, std::string_view why, int status = 5);
  /// Says how many were not printed. Call once, at the end.
  void finish();

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

 private:
  Context& context_;
  const LineReader& reader_;
  std::uint64_t count_ = 0;
};

/// Why a line that `LineReader` cut off cannot be used.
[[nodiscard]] std::string too_long_message(const LineReader& reader);

}  // namespace semantrix::cli
