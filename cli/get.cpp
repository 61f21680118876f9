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

void print_raw(Context& context, const std::optional<Value>& value) {
  if (!value) return;
  context.out.write(*value);
  // The next prompt of a shell belongs on a line of its own; a file gets the bytes alone.
  if (context.out.is_terminal() && !value->view().ends_with('\n')) context.out.write("\n");
}

void print_json(Context& context, const std::string& key, const std::optional<Value>& value) {
  JsonLine line;
  line.bytes("key", key);
  if (value) {
    line.bytes("value", *value);
  } else {
    line.null("value");
  }
  context.out.line(line.str());
}

void get_one(Context& context, Session& session, const std::string& key, bool as_json) {
  interruption_point();
  const std::optional<Value> value = session.store.get_exact(key);
  if (!value) context.raise_status(1);
  if (as_json) {
    print_json(context, key, value);
  } else {
    print_raw(context, value);
  }
}

void run(Context& context, const Arguments& arguments) {
  const bool as_json = context.json || arguments.keys.size() > 1;
  with_store(context, [&](Session& session) {
    for (const std::string& key : arguments.keys) {
      try {
        get_one(context, session, key, as_json);
      } catch (const CacheError& failure) {
        context.fail(failure.error());  // the other keys are still worth an answer
      }
    }
  });
}

}  // namespace

void declare_get(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand(
      "get", "Print the value of a key; of several keys, one JSON object a line");
  auto arguments = std::make_shared<Arguments>();
  add_texts(command, "KEY", arguments->keys, "The keys")->required();
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
