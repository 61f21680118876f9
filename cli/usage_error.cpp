#include "cli/usage_error.hpp"

#include "base/quote.hpp"
#include "base/suggest.hpp"
#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace semantrix::cli {
namespace {

bool is_program(const CLI::App& app) { return app.get_parent() == nullptr; }

std::string help_hint(const CLI::App& command) {
  return is_program(command) ? "see semantrix --help"
                             : fmt::format("see semantrix {} --help", command.get_name());
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

Error refuse(const CLI::App& command, std::string message) {
  return {ErrorCode::invalid_argument, std::move(message), help_hint(command)};
}

Error unknown(const CLI::App& command, std::string_view kind, std::string_view name,
              const std::vector<std::string>& valid) {
  const std::vector<std::string_view> views(valid.begin(), valid.end());
  const std::string message = fmt::format("unknown {} {}", kind, quote(name));
  const auto nearest = suggest(name, views);
  if (!nearest) return refuse(command, message);
  return {ErrorCode::invalid_argument, message, fmt::format("did you mean {}?", *nearest)};
}

/// The first argument that nothing took. CLI11 leaves the value of an unknown option behind as
/// well, so an option comes before what else is left.
std::optional<std::string> first_leftover(CLI::App& app) {
  const std::vector<std::string> leftovers = app.remaining(true);
  for (const std::string& argument : leftovers) {
    if (argument.starts_with("-")) return argument.substr(0, argument.find('='));
  }
  if (leftovers.empty()) return std::nullopt;
  return undisguise(leftovers.front());
}

Error unexpected(CLI::App& app, const std::string& argument) {
  CLI::App& command = chosen_command(app);
  if (argument.starts_with("-") && argument.size() > 1) {
    Error error = unknown(command, "option", argument, option_names(command));
    if (is_program(command) || error.remedy() != help_hint(command)) return error;
    return {error.code(), error.message(),
            error.remedy() + ", and write -- before a key or value that begins with a dash"};
  }
  if (is_program(command)) return unknown(command, "command", argument, command_names(app));
  return refuse(
      command, fmt::format("{} takes no further argument {}", command.get_name(), quote(argument)));
}

std::string missing_argument(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_required() && option->count() == 0) return option->get_name(true, false);
  }
  return "an argument";
}

}  // namespace

CLI::App& chosen_command(CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.front();
}

Error explain(CLI::App& app, const CLI::ParseError& failure) {
  CLI::App& command = chosen_command(app);
  if (const auto argument = first_leftover(app)) return unexpected(app, *argument);
  if (dynamic_cast<const CLI::RequiredError*>(&failure) == nullptr) {
    return refuse(command, failure.what());
  }
  if (is_program(command)) return refuse(command, "no command is given");
  return refuse(command, fmt::format("{} needs {}", command.get_name(), missing_argument(command)));
}

}  // namespace semantrix::cli
