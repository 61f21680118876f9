#include "cli/run.hpp"

#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/interrupt.hpp"
#include "cli/usage_error.hpp"
#include <semantrix/error.hpp>
#include <semantrix/version.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>

namespace semantrix::cli {
namespace {

constexpr std::array declarations{
    declare_add,      declare_get,       declare_delete,  declare_keys,       declare_size,
    declare_stats,    declare_clear,     declare_load,    declare_dump,       declare_migrate,
    declare_replay,   declare_bench,     declare_doctor,  declare_top,        declare_stores,
    declare_policies, declare_instances, declare_version, declare_completion,
};

constexpr const char* footer =
    "Exit status: 0 done, 1 a miss, 2 bad usage, 3 store out of reach, 4 no or refused\n"
    "credentials, 5 anything else. DURATION is a number with ms, s, m, h or d (bare: seconds).\n"
    "-- ends the options.";
constexpr const char* command_footer =
    "Global options: --store URL, --json, --timeout DURATION; see semantrix --help.";

std::string help_of(CLI::App& app) {
  const CLI::App& command = chosen_command(app);
  return &command == &app ? app.help() : command.help(app.get_name());
}

void use_plain_words(CLI::App& app) {
  const auto formatter = app.get_formatter();
  formatter->label("TEXT", "");
  formatter->label("REQUIRED", "");
  formatter->label("SUBCOMMAND", "COMMAND");
  formatter->label("Positionals", "Arguments");
}

/// Reads the arguments; false when there is nothing left to do (help or version was asked for).
bool parse(CLI::App& app, Context& context, const std::vector<std::string>& arguments) {
  std::vector<std::string> reversed = disguise(arguments);
  std::ranges::reverse(reversed);
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::CallForVersion&) {
    context.out.line(version_text());
    return false;
  } catch (const CLI::Success&) {
    context.out.write(help_of(app));
    return false;
  } catch (const CLI::ParseError& failure) {
    // The flag may stand behind what went wrong.
    context.json = context.json || std::ranges::count(arguments, "--json") > 0;
    throw CacheError(explain(app, failure));
  }
  return true;
}

void execute(CLI::App& app, Context& context, const std::vector<std::string>& arguments) {
  if (parse(app, context, arguments) && context.action) context.action();
  context.out.flush();
}

/// Runs the step and turns what it throws into a report and an exit status.
template <class Step>
void guarded(Context& context, Step step) {
  try {
    step();
  } catch (const CacheError& failure) {
    context.fail(failure.error());
  } catch (const ClosedPipe&) {
    // Whoever read our output has seen enough: that is no failure.
  } catch (const Interrupted& signal) {
    context.raise_status(signal.status);
  } catch (const std::bad_alloc&) {
    context.fail(Error(ErrorCode::internal, "the machine is out of memory", "bound the cache"), 5);
  } catch (const std::exception& failure) {
    context.fail(Error(ErrorCode::internal, failure.what(), "please report this"), 5);
  }
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Context& context) {
  auto app = std::make_unique<CLI::App>("One cache for LLM applications.\n", "semantrix");
  app->set_help_flag("-h,--help", "Print this help and exit");
  app->set_version_flag("--version", version_text(), "Print the version and exit");
  app->require_subcommand(1);
  app->fallthrough();
  app->footer(footer);
  use_plain_words(*app);  // before the commands, which take over the formatter
  add_text(*app, "--store", context.store_url, "The store, e.g. memory://?max_size=1000")
      ->envname("SEMANTRIX_STORE")
      ->type_name("URL");
  app->add_flag("--json", context.json, "Print JSON, one object a line");
  add_duration(*app, "--timeout", context.timeout, "Deadline of each call of the store");
  for (const auto declare : declarations) declare(*app, context);
  for (CLI::App* command : app->get_subcommands({})) {
    command->fallthrough();
    command->footer(command_footer);
    command->group("Commands");
  }
  return app;
}

int run(const std::vector<std::string>& arguments) {
  Context context(STDOUT_FILENO);
  const auto app = make_app(context);
  guarded(context, [&] { execute(*app, context, arguments); });
  guarded(context, [&] { context.out.flush(); });
  return context.status();
}

}  // namespace semantrix::cli
