#include "base/quote.hpp"
#include "base/url.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/file_writer.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include <semantrix/executor.hpp>
#include <semantrix/migrate.hpp>
#include <semantrix/open.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string from;
  std::string to;
  std::string match = "*";
  std::string if_exists = "overwrite";
  std::string checkpoint;
  std::string failures;
  double rate = 0;
  bool dry_run = false;
  bool verify = false;
};

constexpr double most_a_second = 1e9;
/// Failures that are told on standard error; the file has them all.
constexpr std::uint64_t most_told = 10;

BlockingStore open_store(const Context& context, const std::string& url) {
  return BlockingStore(open(url_with_timeout(context, url)));
}

IfExists parse_if_exists(const std::string& text) {
  if (text == "overwrite") return IfExists::overwrite;
  if (text == "skip") return IfExists::skip;
  throw CacheError(Error(ErrorCode::invalid_argument,
                         fmt::format("--if-exists takes no {}", quote(text)),
                         "write overwrite or skip"));
}

/// Where entries that were not copied are named.
class FailureLog {
 public:
  FailureLog(Context& context, const std::string& path) : context_(context) {
    if (!path.empty()) file_.emplace(path);
  }

  void add(std::string_view key, const Error& error) {
    if (file_) {
      JsonLine line;
      line.text("key", key).text("error", error.message()).text("code", to_string(error.code()));
      file_->write(line.str());
      file_->write("\n");
    }
    if (++count_ <= most_told) {
      context_.note(fmt::format("{} was not copied: {}", quote(key), error.to_string()));
    }
  }

  void finish() {
    if (count_ > most_told) {
      context_.note(fmt::format("{} more were not copied; --failures FILE names them",
                                grouped(count_ - most_told)));
    }
    if (file_) file_->commit();
  }

 private:
  Context& context_;
  std::optional<FileWriter> file_;
  std::uint64_t count_ = 0;
};

std::uint64_t handled(const MigrateReport& report) {
  return report.copied + report.skipped + report.expired + report.failed;
}

MigrateOptions options_of(const Arguments& arguments) {
  MigrateOptions options;
  options.match = arguments.match;
  options.if_exists = parse_if_exists(arguments.if_exists);
  options.dry_run = arguments.dry_run;
  options.verify = arguments.verify;
  options.rate = arguments.rate;
  options.checkpoint = arguments.checkpoint;
  options.identity = redact_url(arguments.from) + "\n" + redact_url(arguments.to);
  options.stop = interrupted;
  return options;
}

std::optional<std::uint64_t> total_of(BlockingStore& source, const Arguments& arguments) {
  // Of a part of the keys nobody knows how many there are.
  if (arguments.match != "*" || !source.capability().can_size) return std::nullopt;
  const std::uint64_t size = source.size(SizeMode::approximate);
  return arguments.verify ? 2 * size : size;
}

void print_report(Context& context, const Arguments& arguments, const MigrateReport& report,
                  double seconds) {
  if (context.json) {
    JsonLine line;
    line.number("copied", report.copied)
        .number("skipped", report.skipped)
        .number("expired", report.expired)
        .number("failed", report.failed)
        .number("untagged", report.untagged)
        .number("verified", report.verified)
        .number("differing", report.differing)
        .number("seconds", seconds);
    return context.out.line(line.str());
  }
  std::string text = fmt::format(
      "{} {}, {} skipped, {} expired on the way, {} failed in {}", grouped(report.copied),
      arguments.dry_run ? "would be copied" : "copied", grouped(report.skipped),
      grouped(report.expired), grouped(report.failed), human_duration(seconds));
  if (arguments.verify && !arguments.dry_run) {
    text += fmt::format("; {} verified, {} differ", grouped(report.verified),
                        grouped(report.differing));
  }
  if (report.untagged != 0) {
    text +=
        fmt::format("; {} lost their tags, which the destination lacks", grouped(report.untagged));
  }
  context.out.line(text);
}

MigrateReport migrate_all(Context& context, BlockingStore& source, BlockingStore& destination,
                          const Arguments& arguments) {
  MigrateOptions options = options_of(arguments);
  Progress progress(context, arguments.dry_run ? "look" : "migrate", "entries",
                    total_of(source, arguments), Elsewhere::lines);
  FailureLog failures(context, arguments.failures);
  // The hooks run one at a time, on the library's thread, while this one waits.
  options.on_progress = [&progress](const MigrateReport& report) {
    const std::uint64_t done = handled(report) + report.verified + report.differing;
    progress.draw_if_due(done, done);
  };
  options.on_failure = [&failures](std::string_view key, const Error& error) {
    failures.add(key, error);
  };
  auto running = migrate(source.store(), destination.store(), std::move(options));
  MigrateReport report =
      boost::asio::co_spawn(library_executor(), std::move(running), boost::asio::use_future).get();
  progress.clear();
  failures.finish();
  return report;
}

void run(Context& context, const Arguments& arguments) {
  if (arguments.from == arguments.to) {
    throw CacheError(Error(ErrorCode::invalid_argument, "the two stores are the same"));
  }
  BlockingStore source = open_store(context, arguments.from);
  BlockingStore destination = open_store(context, arguments.to);
  const auto start = std::chrono::steady_clock::now();
  const MigrateReport report = migrate_all(context, source, destination, arguments);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  print_report(context, arguments, report, took.count());
  context.out.flush();
  if (report.failed + report.differing != 0) {
    context.raise_status(exit_status(ErrorCode::io_error));
  }
  // A store in memory writes its snapshot now.
  destination.close();
  source.close();
  interruption_point();
}

}  // namespace

void declare_migrate(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("migrate", "Copy the entries of one store to another");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "FROM", arguments->from, "URL of the store that is read")->required();
  add_text(command, "TO", arguments->to, "URL of the store that is written")->required();
  add_text(command, "--match", arguments->match, "Only keys that match this glob");
  add_text(command, "--if-exists", arguments->if_exists,
           "overwrite (the default) or skip what the destination has");
  add_number(command, "--rate", arguments->rate, {0, most_a_second},
             "Most entries a second; without it as fast as it goes");
  add_text(command, "--checkpoint", arguments->checkpoint,
           "File by which an interrupted migration goes on");
  add_text(command, "--failures", arguments->failures,
           "File that names each entry that was not copied, as JSON Lines");
  command.add_flag("--dry-run", arguments->dry_run, "Count what would be copied; store nothing");
  command.add_flag("--verify", arguments->verify, "Then read both stores again and compare");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
