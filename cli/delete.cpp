#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::vector<std::string> keys;
};

bool erase_one(Context& context, Session& session, const std::string& key) {
  interruption_point();
  const bool erased = session.store.erase(key);
  if (context.json) {
    JsonLine line;
    line.bytes("key", key).boolean("deleted", erased);
    context.out.line(line.str());
  }
  return erased;
}

void run(Context& context, const Arguments& arguments) {
  with_store(context, [&](Session& session) {
    bool any_erased = false;
    for (const std::string& key : arguments.keys) {
      try {
        any_erased = erase_one(context, session, key) || any_erased;
      } catch (const CacheError& failure) {
        context.fail(failure.error());
      }
    }
    if (!any_erased) context.raise_status(1);
  });
}

}  // namespace

void declare_delete(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("delete", "Remove entries; status 1 if none was there");
  auto arguments = std::make_shared<Arguments>();
  add_texts(command, "KEY", arguments->keys, "The keys")->required();
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
