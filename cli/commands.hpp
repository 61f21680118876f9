#pragma once

#include "cli/context.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

/// One function a subcommand, each in the file of its name. It declares the arguments and sets the
/// context's action, which runs when all arguments are read.
namespace semantrix::cli {

void declare_add(CLI::App& app, Context& context);
void declare_get(CLI::App& app, Context& context);
void declare_delete(CLI::App& app, Context& context);
void declare_keys(CLI::App& app, Context& context);
void declare_size(CLI::App& app, Context& context);
void declare_stats(CLI::App& app, Context& context);
void declare_clear(CLI::App& app, Context& context);
void declare_load(CLI::App& app, Context& context);
void declare_dump(CLI::App& app, Context& context);
void declare_migrate(CLI::App& app, Context& context);
void declare_replay(CLI::App& app, Context& context);
void declare_bench(CLI::App& app, Context& context);
void declare_doctor(CLI::App& app, Context& context);
void declare_top(CLI::App& app, Context& context);
void declare_instances(CLI::App& app, Context& context);
void declare_policies(CLI::App& app, Context& context);
void declare_stores(CLI::App& app, Context& context);
void declare_version(CLI::App& app, Context& context);
void declare_completion(CLI::App& app, Context& context);

/// "semantrix 0.1.0".
[[nodiscard]] std::string version_text();

/// A subcommand whose arguments live in `arguments` and whose work is `run(context, arguments)`.
template <class Arguments, class Run>
void on_chosen(CLI::App& command, Context& context, std::shared_ptr<Arguments> arguments, Run run) {
  command.callback([&context, arguments, run] {
    context.action = [&context, arguments, run] { run(context, *arguments); };
  });
}

}  // namespace semantrix::cli
