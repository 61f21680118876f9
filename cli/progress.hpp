#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cli {

class Context;

/// How far a long piece of work has come.
struct ProgressState {
  std::string_view verb;               ///< "replay"
  std::string_view noun;               ///< What `items` counts: "requests".
  std::uint64_t done = 0;              ///< Of `total`: bytes, entries, milliseconds.
  std::optional<std::uint64_t> total;  ///< Absent: unknown, so no bar and no time left.
  std::uint64_t items = 0;
  double seconds = 0;  ///< Since the start.
};

/// One line of at most `columns` columns: "replay  [####----]  45 %  12,345 requests  193 k/s
/// 00:07 left". The bar gives way first when the line is narrow.
[[nodiscard]] std::string render_progress(const ProgressState& state, std::size_t columns);

/// What takes the bar's place where standard error is no terminal.
enum class Elsewhere : std::uint8_t {
  silence,
  lines,  ///< A line now and then, for logs of work that takes hours.
};

/// A progress bar on standard error, redrawn at most ten times a second, gone when the work is
/// done. Not thread-safe.
class Progress {
 public:
  Progress(Context& context, std::string_view verb, std::string_view noun,
           std::optional<std::uint64_t> total, Elsewhere elsewhere = Elsewhere::silence);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Cheap enough for every item: reads the clock once in a while.
  void update(std::uint64_t done, std::uint64_t items) {
    if (style_ != Style::none && (++calls_ & 0x3FU) == 0) draw_if_due(done, items);
  }
  /// For callers that come by rarely.
  void draw_if_due(std::uint64_t done, std::uint64_t items);
  /// Wipes the line, so that something else can be printed; the next update draws it again.
  void clear();

 private:
  enum class Style : std::uint8_t { none, lines, bar };
  static Style style_for(Elsewhere elsewhere);
  void draw();

  Context& context_;
  ProgressState state_;
  Style style_;
  bool drawn_ = false;
  unsigned calls_ = 0;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point next_draw_;
};

}  // namespace semantrix::cli
