#include "cli/arguments.hpp"
#include "cli/bench_load.hpp"
#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <random>

namespace semantrix::cli {
namespace {

/// What a run measured, and what the store holds after it.
struct Report {
  std::string store;
  BenchPlan plan;
  BenchCounts counts;
  std::optional<double> bytes_per_entry;

  [[nodiscard]] double ops_per_second() const {
    return counts.seconds > 0 ? static_cast<double>(counts.ops) / counts.seconds : 0;
  }
  [[nodiscard]] double hit_ratio() const {
    return counts.ops > 0 ? static_cast<double>(counts.hits) / static_cast<double>(counts.ops) : 0;
  }
  [[nodiscard]] double microseconds(double share) const {
    return counts.latencies.count() > 0 ? counts.latencies.percentile(share) / 1e3 : std::nan("");
  }
};

// Nobody else's keys begin like this, and two runs at once do not disturb each other.
std::string fresh_prefix() {
  std::random_device random;
  return fmt::format("semantrix-bench-{:08x}:", random());
}

std::optional<double> bytes_per_entry(Session& session) {
  const Stats stats = session.store.get_stats();
  if (stats.bytes == 0 || stats.size == 0) return std::nullopt;
  return static_cast<double>(stats.bytes) / static_cast<double>(stats.size);
}

std::string report_json(const Report& report) {
  JsonLine line;
  line.text("store", report.store)
      .number("threads", report.plan.threads)
      .number("ops", report.counts.ops)
      .number("seconds", report.counts.seconds)
      .number("ops_per_second", std::round(report.ops_per_second()))
      .number("p50_us", report.microseconds(0.5))
      .number("p99_us", report.microseconds(0.99))
      .number("p999_us", report.microseconds(0.999))
      .number("hit_ratio", report.hit_ratio())
      .number("bytes_per_entry", report.bytes_per_entry.value_or(std::nan("")))
      .number("callers", report.plan.callers)
      .number("keys", report.plan.keys)
      .number("zipf", report.plan.zipf)
      .number("value_bytes", report.plan.value_bytes)
      .number("errors", report.counts.errors);
  return line.str();
}

std::string report_text(const Report& report) {
  Facts facts;
  facts.add("store", report.store);
  facts.add("load", fmt::format("{} keys, Zipf {}, values of {}, threads {}, callers {}",
                                grouped(report.plan.keys), report.plan.zipf,
                                human_bytes(static_cast<double>(report.plan.value_bytes)),
                                report.plan.threads, report.plan.callers));
  facts.add("ops", fmt::format("{}  ({}/s)", grouped(report.counts.ops),
                               short_count(report.ops_per_second())));
  if (report.counts.errors > 0) facts.add("failed ops", grouped(report.counts.errors));
  facts.add("hits", fmt::format("{:.2f} %", report.hit_ratio() * 100));
  if (report.counts.latencies.count() > 0) {
    facts.add("latency",
              fmt::format("p50 {}, p99 {}, p99.9 {}", human_latency(report.microseconds(0.5)),
                          human_latency(report.microseconds(0.99)),
                          human_latency(report.microseconds(0.999))));
  }
  if (report.bytes_per_entry) {
    facts.add("memory", fmt::format("{:.0f} B an entry", *report.bytes_per_entry));
  }
  return facts.str();
}

BenchCounts measure(Context& context, Session& session, const BenchPlan& plan) {
  const auto in_ms = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e3); };
  Progress progress(context, "bench", "ops", in_ms(plan.warmup + plan.seconds));
  return run_load(session.store.store(), plan, [&](double elapsed, std::uint64_t ops) {
    progress.draw_if_due(in_ms(elapsed), ops);
  });
}

void run(Context& context, const BenchPlan& options) {
  BenchPlan plan = options;
  plan.prefix = fresh_prefix();
  with_store(context, "memory://", [&](Session& session) {
    // A store out of reach says so here, once, instead of in every op.
    static_cast<void>(session.store.get_exact(plan.prefix));
    Report report;
    report.plan = plan;
    report.store = session.store.capability().store;
    report.counts = measure(context, session, plan);
    report.bytes_per_entry = bytes_per_entry(session);
    session.store.invalidate_prefix(plan.prefix);
    interruption_point();
    if (report.counts.first_error) context.fail(*report.counts.first_error);
    context.out.write(context.json ? report_json(report) + "\n" : report_text(report));
  });
}

}  // namespace

void declare_bench(CLI::App& app, Context& context) {
  CLI::App& command =
      *app.add_subcommand("bench", "Measure a store: get, on a miss put, keys by Zipf's law");
  auto plan = std::make_shared<BenchPlan>();
  add_count(command, "--keys", plan->keys, {1, 100'000'000}, "Distinct keys (1000000)");
  add_number(command, "--zipf", plan->zipf, {0, 4}, "Skew; 0 asks for all keys alike (0.99)");
  add_count(command, "--value-bytes", plan->value_bytes, {0, 1U << 30U}, "Size of a value (256)");
  add_count(command, "--threads", plan->threads, {1, 256}, "Threads (1)");
  add_count(command, "--callers", plan->callers, {1, 100'000}, "Concurrent calls a thread (1)");
  add_number(command, "--seconds", plan->seconds, {0.01, 86'400}, "Time to measure (10)");
  add_number(command, "--warmup", plan->warmup, {0, 86'400}, "Time before it, not counted (2)");
  on_chosen(command, context, plan, run);
}

}  // namespace semantrix::cli
