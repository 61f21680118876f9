#include "base/url.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/session.hpp"
#include "cli/top_view.hpp"
#include "cli/watched.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

namespace semantrix::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds default_patience = 5s;

struct Arguments {
  std::string url;
  std::uint64_t count = 0;
  std::optional<std::chrono::milliseconds> interval;
};

bool is_live(const Context& context) {
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return !context.json && !dumb && ::isatty(STDOUT_FILENO) != 0;
}

/// Whether all of it passed without an interruption.
bool rest_until(Clock::time_point when) {
  while (!interrupted() && Clock::now() < when) {
    std::this_thread::sleep_for(std::min<Clock::duration>(50ms, when - Clock::now()));
  }
  return !interrupted();
}

void show(Context& context, const TopRow& row, bool live, bool first) {
  if (context.json) {
    context.out.line(json_of(row));
  } else if (live) {
    context.out.write("\x1b[H\x1b[J" + screen_of(row));
  } else {
    if (first) context.out.line(heading());
    context.out.line(line_of(row));
  }
  context.out.flush();
}

/// Until it has shown as many as were asked for, or somebody ends it, which is no failure.
void run(Context& context, const Arguments& arguments) {
  const std::string& url = arguments.url.empty() ? context.store_url : arguments.url;
  if (url.empty()) {
    throw CacheError(Error(ErrorCode::missing_configuration, "nothing to watch is named",
                           "give top a URL: of a store, or http://HOST:PORT/metrics"));
  }
  const auto watched =
      watch(url_with_timeout(context, url), context.timeout.value_or(default_patience));
  const std::chrono::milliseconds interval = arguments.interval.value_or(1s);
  const bool live = is_live(context);
  Figures before = watched->look().value();
  auto last = Clock::now();
  auto next = last + interval;
  bool first = true;
  for (std::uint64_t shown = 0; shown != arguments.count || shown == 0;) {
    if (!rest_until(next)) return;
    next = std::max(next + interval, Clock::now());
    Result<Figures> figures = watched->look();
    if (!figures) {
      // It may come back; what was counted meanwhile belongs to the next row.
      context.fail(figures.error());
      if (arguments.count != 0) ++shown;
      continue;
    }
    const auto now = Clock::now();
    const TopRow row = compare(before, *figures, std::chrono::duration<double>(now - last).count(),
                               redact_url(url));
    show(context, row, live, std::exchange(first, false));
    before = std::move(*figures);
    last = now;
    ++shown;
  }
}

}  // namespace

void declare_top(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand(
      "top", "Watch an application's metrics endpoint, or a server: rates, hit ratio, latency");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "URL", arguments->url,
           "http://HOST:PORT/metrics, or a store's; otherwise that of --store");
  add_count(command, "--count", arguments->count, {.at_least = 1},
            "Rows to show; otherwise until it is interrupted");
  add_duration(command, "--interval", arguments->interval, "Between two looks, 1s by default");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
