#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/json_text.hpp"
#include "cli/session.hpp"

#include <limits>
#include <memory>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string match = "*";
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  bool nul_terminated = false;
};

void print_key(Context& context, const Arguments& arguments, const std::string& key) {
  if (context.json) {
    JsonLine line;
    line.bytes("key", key);
    context.out.line(line.str());
    return;
  }
  context.out.write(key);
  context.out.write(arguments.nul_terminated ? std::string_view("\0", 1) : "\n");
}

void run(Context& context, const Arguments& arguments) {
  with_store(context, [&](Session& session) {
    std::uint64_t left = arguments.limit;
    KeyCursor cursor = session.store.scan(arguments.match);
    while (left > 0) {
      interruption_point();
      const std::vector<std::string> page = session.store.next_page(cursor);
      if (page.empty()) return;
      for (const std::string& key : page) {
        if (left-- == 0) return;
        print_key(context, arguments, key);
      }
    }
  });
}

}  // namespace

void declare_keys(CLI::App& app, Context& context) {
  CLI::App& command = *app.add_subcommand("keys", "List the keys, one a line");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "--match", arguments->match,
           "Only keys that match: * ? [a-z] [!a-z], \\ escapes")
      ->type_name("GLOB");
  add_count(command, "--limit", arguments->limit, {}, "At most so many");
  command.add_flag("-0,--null", arguments->nul_terminated,
                   "End each key with a NUL byte, not a line");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
