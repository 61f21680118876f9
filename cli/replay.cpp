#include "base/hash.hpp"
#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/line_problems.hpp"
#include "cli/progress.hpp"
#include "cli/replay_log.hpp"
#include "cli/replay_report.hpp"
#include "cli/session.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string file;
};

/// Asks the cache for each request of a log as an application would: a miss takes the logged answer
/// and stores it. Memory does not depend on the log's size, but for ten bytes or so for each
/// distinct prompt.
class Replay {
 public:
  Replay(Context& context, Session& session, const std::string& file)
      : store_(session.store),
        reader_(file),
        problems_(context, reader_),
        progress_(context, "replay", "requests", reader_.total_bytes()) {}

  ReplayReport replay() {
    const auto start = Clock::now();
    while (reader_.next()) {
      interruption_point();
      take_line();
      progress_.update(reader_.bytes_read(), report_.requests());
    }
    report_.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    progress_.clear();
    problems_.finish();
    report_.unique_prompts = seen_.size();
    report_.unusable_lines = problems_.count();
    report_.store = store_.get_stats();
    return std::move(report_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// Identities are digests already.
  struct AsItIs {
    using is_avalanching = void;
    std::size_t operator()(std::uint64_t identity) const noexcept { return identity; }
  };

  void take_line() {
    if (reader_.too_long()) {
      problems_.add(reader_.number(), too_long_message(reader_));
      return;
    }
    const auto request = parser_.parse(reader_.line());
    if (request) {
      ask(*request);
    } else {
      problems_.add(reader_.number(), request.error().message());
    }
  }

  void ask(const ReplayRequest& request) {
    const auto before = Clock::now();
    const bool hit = store_.get_exact(request.key).has_value();
    report_.lookups.record(Clock::now() - before);
    seen_.insert(request.identity);
    if (hit) {
      ++report_.hits;
      report_.saved_ms += request.latency_ms;
      report_.saved_usd += request.cost_usd;
    } else {
      ++report_.misses;
      store_answer(request);
    }
  }

  void store_answer(const ReplayRequest& request) {
    try {
      store_.add(request.key, Value(request.response));
    } catch (const CacheError& failure) {
      problems_.add(reader_.number(),
                    fmt::format("has an answer that was not stored: {}", failure.what()));
    }
  }

  BlockingStore& store_;
  LineReader reader_;
  LineProblems problems_;
  Progress progress_;
  ReplayLogParser parser_;
  boost::unordered_flat_set<std::uint64_t, AsItIs> seen_;
  ReplayReport report_;
};

void run(Context& context, const Arguments& arguments) {
  pin_hash_seed(1);  // one log, one report: hits do not differ from run to run
  with_store(context, "memory://", [&](Session& session) {
    const ReplayReport report = Replay(context, session, arguments.file).replay();
    context.out.write(context.json ? report.to_json() + "\n" : report.to_text());
  });
}

}  // namespace

void declare_replay(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand(
      "replay", "Run a prompt log through the cache and report what it would have saved");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "LOG", arguments->file, "JSON Lines; - reads standard input")->required();
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
