#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/json_text.hpp"
#include <semantrix/eviction_policy.hpp>
#include <semantrix/memory_options.hpp>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {};

void run(Context& context, const Arguments&) {
  const EvictionPolicy by_default = MemoryOptions{}.eviction_policy;
  std::vector<std::vector<std::string>> rows;
  for (const EvictionPolicy policy : all_eviction_policies) {
    rows.push_back({std::string(to_string(policy)), std::string(describe(policy))});
    if (!context.json) continue;
    JsonLine line;
    line.text("policy", to_string(policy))
        .text("summary", describe(policy))
        .boolean("default", policy == by_default);
    context.out.line(line.str());
  }
  if (!context.json) context.out.write(table(rows));
}

}  // namespace

void declare_policies(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("policies", "List the eviction policies");
  on_chosen(command, context, std::make_shared<Arguments>(), run);
}

}  // namespace semantrix::cli
