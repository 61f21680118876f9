#include "cli/commands.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  bool approximate = false;
};

void run(Context& context, const Arguments& arguments) {
  with_store(context, [&](Session& session) {
    const SizeMode mode = arguments.approximate ? SizeMode::approximate : SizeMode::exact;
    const std::size_t size = session.store.size(mode);
    JsonLine line;
    line.number("size", std::uint64_t{size}).boolean("approximate", arguments.approximate);
    context.out.line(context.json ? line.str() : fmt::format("{}", size));
  });
}

}  // namespace

void declare_size(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("size", "Print how many entries there are");
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("--approximate", arguments->approximate,
                   "The cheapest figure the store has, instead of a count");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
