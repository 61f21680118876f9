#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <string_view>

namespace semantrix::cli {

/// The completion script of a shell, made from the commands and options that the program declares,
/// so that the two cannot drift apart. Each says how to install it in its first lines.
[[nodiscard]] std::string bash_completion(const CLI::App& app);
[[nodiscard]] std::string zsh_completion(const CLI::App& app);
[[nodiscard]] std::string fish_completion(const CLI::App& app);

}  // namespace semantrix::cli
