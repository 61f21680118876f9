#pragma once

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

/// Arguments as the shell gave them. CLI11 reads `[a,b]` as a list, `{}` as an empty one, `++` as
/// an end of command, and forgets `--` before a subcommand's last arguments. Keys and values may be
/// any text, so such arguments pass through it in disguise.
namespace semantrix::cli {

/// argv without the program's name: arguments that CLI11 would interpret are marked, as are those
/// after `--`, which itself is dropped.
[[nodiscard]] std::vector<std::string> disguise(const std::vector<std::string>& arguments);
/// The argument as it was.
[[nodiscard]] std::string undisguise(const std::string& argument);

/// Options and positionals of any text. The targets must outlive the parse.
CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& target,
                      const std::string& summary);
CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                       const std::string& summary);

/// "90", "1.5h", "250ms"; positive. Throws `CacheError(invalid_argument)` that names the option.
CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<std::chrono::milliseconds>& target,
                          const std::string& summary);

/// A whole number within bounds, e.g. {.at_least = 1}.
struct CountRange {
  std::uint64_t at_least = 0;
  std::uint64_t at_most = std::numeric_limits<std::uint64_t>::max();
};
CLI::Option* add_count(CLI::App& app, const std::string& name, std::uint64_t& target,
                       CountRange range, const std::string& summary);

/// A decimal number within bounds.
struct NumberRange {
  double at_least;
  double at_most;
};
CLI::Option* add_number(CLI::App& app, const std::string& name, double& target, NumberRange range,
                        const std::string& summary);

}  // namespace semantrix::cli
