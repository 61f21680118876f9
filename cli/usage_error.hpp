#pragma once

#include <semantrix/error.hpp>

#include <CLI/CLI.hpp>

namespace semantrix::cli {

/// What is wrong with a command line that CLI11 refused, in one sentence that names the nearest
/// valid command or option where there is one. Always `invalid_argument`.
[[nodiscard]] Error explain(CLI::App& app, const CLI::ParseError& failure);

/// The command that was chosen, or the program itself.
[[nodiscard]] CLI::App& chosen_command(CLI::App& app);

}  // namespace semantrix::cli
