#include "cli/commands.hpp"
#include "cli/json_text.hpp"
#include <semantrix/version.hpp>

#include <fmt/format.h>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {};

void run(Context& context, const Arguments&) {
  JsonLine line;
  line.text("version", version());
  context.out.line(context.json ? line.str() : version_text());
}

}  // namespace

std::string version_text() { return fmt::format("semantrix {}", version()); }

void declare_version(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("version", "Print the version");
  on_chosen(command, context, std::make_shared<Arguments>(), run);
}

}  // namespace semantrix::cli
