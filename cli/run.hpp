#pragma once

#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

namespace semantrix::cli {

class Context;

/// The program's options and commands. The context must outlive the result.
[[nodiscard]] std::unique_ptr<CLI::App> make_app(Context& context);

/// Runs one command line (without the program's name); the exit status.
[[nodiscard]] int run(const std::vector<std::string>& arguments);

}  // namespace semantrix::cli
