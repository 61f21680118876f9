#include "base/quote.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/dump_format.hpp"
#include "cli/file_writer.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include <semantrix/clock.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <functional>
#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string file = "-";
};

using Sink = std::function<void(std::string_view)>;

/// Writes every entry as a line; how many there were.
std::uint64_t dump_entries(Context& context, Session& session, const Sink& sink) {
  Progress progress(context, "dump", "entries", session.store.size(SizeMode::approximate));
  std::uint64_t dumped = 0;
  KeyCursor cursor = session.store.scan();
  for (;;) {
    const std::vector<std::string> page = session.store.next_page(cursor);
    if (page.empty()) return dumped;
    for (const std::string& key : page) {
      interruption_point();
      const std::optional<Entry> entry = session.store.get_entry(key);
      if (!entry) continue;  // gone since the page was read
      sink(format_dump_line(key, *entry, system_clock()->wall_now()));
      sink("\n");
      progress.update(dumped, dumped);
      ++dumped;
    }
  }
}

void print_report(Context& context, const std::string& file, std::uint64_t dumped, double seconds) {
  JsonLine line;
  line.number("dumped", dumped).number("seconds", seconds);
  context.out.line(context.json ? line.str()
                                : fmt::format("{} dumped to {} in {}", grouped(dumped), quote(file),
                                              human_duration(seconds)));
}

void dump_to_file(Context& context, Session& session, const std::string& file) {
  // The store lacks some of what it held: an older dump may be all that is left of it.
  if (session.warning && ::access(file.c_str(), F_OK) == 0) {
    const std::string_view why =
        session.warning->code() == ErrorCode::corrupt ? "is damaged" : "is not wholly loaded";
    throw CacheError(Error(session.warning->code(),
                           fmt::format("{} was left as it is, for the store {}", quote(file), why),
                           "dump to another file"));
  }
  const auto start = std::chrono::steady_clock::now();
  FileWriter writer(file);
  const std::uint64_t dumped =
      dump_entries(context, session, [&](std::string_view text) { writer.write(text); });
  writer.commit();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  print_report(context, file, dumped, took.count());
}

void run(Context& context, const Arguments& arguments) {
  with_store(context, [&](Session& session) {
    if (arguments.file == "-") {
      dump_entries(context, session, [&](std::string_view text) { context.out.write(text); });
    } else {
      dump_to_file(context, session, arguments.file);
    }
  });
}

}  // namespace

void declare_dump(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("dump", "Write every entry as JSON Lines");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "FILE", arguments->file,
           "Replaced as a whole, once all is written; - or none: standard output");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
