#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/dump_format.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/line_problems.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include <semantrix/clock.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string file;
  std::optional<std::chrono::milliseconds> ttl;
};

/// Reads a dump line by line and stores it in batches, which bound the memory and, over a network,
/// the round trips.
class Loader {
 public:
  Loader(Context& context, Session& session, const Arguments& arguments)
      : session_(session),
        options_{.ttl = arguments.ttl},
        reader_(arguments.file),
        problems_(context, reader_),
        progress_(context, "load", "entries", reader_.total_bytes()) {}

  void load() {
    while (reader_.next()) {
      interruption_point();
      take_line();
      progress_.update(reader_.bytes_read(), loaded_);
    }
    store_batch();
    progress_.clear();
    problems_.finish();
  }

  [[nodiscard]] std::uint64_t loaded() const noexcept { return loaded_; }
  [[nodiscard]] std::uint64_t skipped() const noexcept { return skipped_; }
  [[nodiscard]] std::uint64_t failed() const noexcept { return problems_.count(); }

 private:
  static constexpr std::size_t batch_items = 256;
  static constexpr std::size_t batch_bytes = 8U << 20U;

  void take_line() {
    if (reader_.too_long()) {
      problems_.add(reader_.number(), too_long_message(reader_));
      return;
    }
    auto parsed = parse_dump_line(reader_.line(), system_clock()->wall_now());
    if (!parsed) {
      problems_.add(reader_.number(), parsed.error().message());
    } else if (parsed->expired) {
      ++skipped_;
    } else if (!parsed->tags.empty()) {
      store_tagged(std::move(*parsed));
    } else {
      collect(std::move(*parsed));
    }
  }

  void collect(DumpLine line) {
    bytes_ += line.key.size() + line.value.size();
    lines_.push_back(reader_.number());
    items_.push_back({std::move(line.key), std::move(line.value), line.ttl});
    if (items_.size() >= batch_items || bytes_ >= batch_bytes) store_batch();
  }

  void store_batch() {
    if (items_.empty()) return;
    const BatchOutcome outcome = session_.store.batch_add(std::exchange(items_, {}), options_);
    loaded_ += outcome.stored;
    for (const BatchOutcome::Failure& failure : outcome.failures) {
      refuse(lines_[failure.index], failure.error);
    }
    lines_.clear();
    bytes_ = 0;
  }

  // A batch has no tags of its own for each item. What came before is stored first: the last line
  // of a key wins.
  void store_tagged(DumpLine line) {
    store_batch();
    const std::vector<std::string_view> tags(line.tags.begin(), line.tags.end());
    const AddOptions options{.ttl = line.ttl ? line.ttl : options_.ttl, .tags = tags};
    try {
      session_.store.add(line.key, std::move(line.value), options);
      ++loaded_;
    } catch (const CacheError& failure) {
      refuse(reader_.number(), failure.error());
    }
  }

  void refuse(std::uint64_t line, const Error& error) {
    // A bad entry is a bad line, not a bad command line.
    const int status = exit_status(error.code());
    problems_.add(line, fmt::format("was not stored: {}", error.to_string()),
                  status == 2 ? 5 : status);
  }

  Session& session_;
  AddOptions options_;
  LineReader reader_;
  LineProblems problems_;
  Progress progress_;
  std::vector<BatchItem> items_;
  std::vector<std::uint64_t> lines_;  // of items_, for messages
  std::size_t bytes_ = 0;             // of items_
  std::uint64_t loaded_ = 0;
  std::uint64_t skipped_ = 0;
};

void print_report(Context& context, const Loader& loader, double seconds) {
  if (!context.json) {
    context.out.line(fmt::format("{} loaded, {} skipped, {} failed in {}", grouped(loader.loaded()),
                                 grouped(loader.skipped()), grouped(loader.failed()),
                                 human_duration(seconds)));
    return;
  }
  JsonLine line;
  line.number("loaded", loader.loaded())
      .number("skipped", loader.skipped())
      .number("failed", loader.failed())
      .number("seconds", seconds);
  context.out.line(line.str());
}

void run(Context& context, const Arguments& arguments) {
  with_store(context, [&](Session& session) {
    const auto start = std::chrono::steady_clock::now();
    Loader loader(context, session, arguments);
    loader.load();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    print_report(context, loader, took.count());
  });
}

}  // namespace

void declare_load(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("load", "Store the entries of a JSON Lines file");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "FILE", arguments->file, "As dump writes it; - reads standard input")
      ->required();
  add_duration(command, "--ttl", arguments->ttl, "Ttl of the entries that name none");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
