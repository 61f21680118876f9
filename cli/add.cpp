#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/input.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"

#include <unistd.h>

#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string key;
  std::string value;
  std::optional<std::chrono::milliseconds> ttl;
};

std::string read_standard_input() {
  constexpr std::size_t block_bytes = 1U << 20U;
  std::string bytes;
  for (;;) {
    const std::size_t kept = bytes.size();
    bytes.resize(kept + block_bytes);
    const std::size_t count =
        read_some(STDIN_FILENO, bytes.data() + kept, block_bytes, "standard input");
    bytes.resize(kept + count);
    if (count == 0) return bytes;
  }
}

void run(Context& context, const Arguments& arguments) {
  // Before the store is opened: a store is not kept locked while somebody types.
  std::string value = arguments.value == "-" ? read_standard_input() : arguments.value;
  with_store(context, [&](Session& session) {
    session.store.add(arguments.key, Value(std::move(value)), {.ttl = arguments.ttl});
    if (!context.json) return;
    JsonLine line;
    line.bytes("key", arguments.key).boolean("stored", true);
    context.out.line(line.str());
  });
}

}  // namespace

void declare_add(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("add", "Store a value, replacing what the key had");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "KEY", arguments->key, "The key, any bytes")->required();
  add_text(command, "VALUE", arguments->value, "The value; - reads standard input")->required();
  add_duration(command, "--ttl", arguments->ttl, "When the entry expires, from now");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
