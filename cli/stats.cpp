#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {};

std::string stats_text(const Stats& stats) {
  Facts facts;
  facts.add("store", stats.store);
  facts.add("entries", grouped(stats.size));
  facts.add("bytes held", human_bytes(static_cast<double>(stats.bytes)));
  facts.add("hits", fmt::format("{}  ({:.1f} %)", grouped(stats.hits), stats.hit_ratio() * 100));
  facts.add("misses", grouped(stats.misses));
  facts.add("adds", grouped(stats.adds));
  facts.add("deletes", grouped(stats.deletes));
  facts.add("evictions", grouped(stats.evictions));
  facts.add("expirations", grouped(stats.expirations));
  facts.add("errors", grouped(stats.error_count()));
  for (const auto& [code, count] : stats.errors) facts.add("  " + code, grouped(count));
  facts.add("retries", grouped(stats.retries));
  return facts.str();
}

void run(Context& context, const Arguments&) {
  with_store(context, [&](Session& session) {
    const Stats stats = session.store.get_stats();
    context.out.write(context.json ? stats.to_json() + "\n" : stats_text(stats));
  });
}

}  // namespace

void declare_stats(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("stats", "Print what the store counted");
  on_chosen(command, context, std::make_shared<Arguments>(), run);
}

}  // namespace semantrix::cli
