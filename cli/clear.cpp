#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"

#include <fmt/format.h>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  bool yes = false;
  bool all = false;
};

void run(Context& context, const Arguments& arguments) {
  if (!arguments.yes) {
    throw CacheError(Error(ErrorCode::invalid_argument, "clear removes every entry of the store",
                           "say --yes if that is what you want"));
  }
  with_store(context, [&](Session& session) {
    const std::size_t cleared = session.store.clear({.all = arguments.all});
    JsonLine line;
    line.number("cleared", std::uint64_t{cleared});
    context.out.line(context.json ? line.str()
                                  : fmt::format("{} {} removed", grouped(cleared),
                                                cleared == 1 ? "entry" : "entries"));
  });
}

}  // namespace

void declare_clear(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("clear", "Remove every entry of the store");
  auto arguments = std::make_shared<Arguments>();
  command.add_flag("--yes", arguments->yes, "Really");
  command.add_flag(
      "--all", arguments->all,
      "Also on a shared store without a key_prefix, where that is everybody's entries");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
