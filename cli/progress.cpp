#include "cli/progress.hpp"

#include "cli/context.hpp"
#include "cli/format.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <exception>

namespace semantrix::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto first_drawn_after = 200ms;
constexpr auto redrawn_every = 100ms;
constexpr auto line_every = 10s;
constexpr std::size_t widest_line = 100;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t narrowest_bar = 8;
// An estimate from the first moments is noise.
constexpr double seconds_before_estimate = 1.0;

std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool is_drawable() {
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return ::isatty(STDERR_FILENO) != 0 && !dumb;
}

double share_done(const ProgressState& state) {
  if (*state.total == 0) return 1;
  return std::min(1.0, static_cast<double>(state.done) / static_cast<double>(*state.total));
}

std::string details(const ProgressState& state) {
  std::string text = fmt::format("{} {}", grouped(state.items), state.noun);
  if (state.seconds > 0) {
    text += fmt::format("  {}/s", short_count(static_cast<double>(state.items) / state.seconds));
  }
  if (!state.total) return text;
  const double share = share_done(state);
  if (share > 0 && state.seconds >= seconds_before_estimate) {
    text += fmt::format("  {} left", clock_face(state.seconds * (1 - share) / share));
  }
  return fmt::format("{:3.0f} %  {}", share * 100, text);
}

std::string bar(double share, std::size_t width) {
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
  return fmt::format("[{:#<{}}{:-<{}}]  ", "", filled, "", width - filled);
}

}  // namespace

std::string render_progress(const ProgressState& state, std::size_t columns) {
  const std::string head = fmt::format("{}  ", state.verb);
  const std::string tail = details(state);
  std::string drawn_bar;
  const std::size_t taken = head.size() + tail.size() + 4;  // the bar's brackets and space
  if (state.total && taken + narrowest_bar <= columns) {
    drawn_bar = bar(share_done(state), std::min(widest_bar, columns - taken));
  }
  return (head + drawn_bar + tail).substr(0, columns);
}

Progress::Style Progress::style_for(Elsewhere elsewhere) {
  if (is_drawable()) return Style::bar;
  return elsewhere == Elsewhere::lines ? Style::lines : Style::none;
}

Progress::Progress(Context& context, std::string_view verb, std::string_view noun,
                   std::optional<std::uint64_t> total, Elsewhere elsewhere)
    : context_(context),
      state_{.verb = verb, .noun = noun, .total = total},
      style_(style_for(elsewhere)),
      start_(Clock::now()),
      next_draw_(start_ + (style_ == Style::bar ? first_drawn_after : line_every)) {
  context_.attach(this);
}

Progress::~Progress() {
  context_.attach(nullptr);
  clear();
}

void Progress::draw_if_due(std::uint64_t done, std::uint64_t items) {
  const auto now = Clock::now();
  if (style_ == Style::none || now < next_draw_) return;
  next_draw_ = now + (style_ == Style::bar ? redrawn_every : line_every);
  state_.done = done;
  state_.items = items;
  state_.seconds = std::chrono::duration<double>(now - start_).count();
  draw();
}

void Progress::draw() {
  if (style_ == Style::lines) return context_.note(render_progress(state_, widest_line));
  // The last column stays free: some terminals wrap a full line.
  const std::string line = "\r\x1b[K" + render_progress(state_, terminal_columns() - 1);
  try {
    write_all(STDERR_FILENO, line, "standard error");
    drawn_ = true;
  } catch (...) {
    style_ = Style::none;
  }
}

void Progress::clear() {
  if (!drawn_) return;
  drawn_ = false;
  try {
    write_all(STDERR_FILENO, "\r\x1b[K", "standard error");
  } catch (...) {
    style_ = Style::none;
  }
}

}  // namespace semantrix::cli
