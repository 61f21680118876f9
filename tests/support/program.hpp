#pragma once

#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {

struct ProgramResult {
  int status = 0;  ///< 128 + signal if one ended it.
  std::string output;
};

/// Runs a program found on the PATH to its end: `input` is its standard input, `output` its
/// standard output; standard error is this process's. `settings` are added to the environment.
/// Throws std::system_error if it cannot be started.
ProgramResult run_program(const std::vector<std::string>& command, const std::string& input,
                          const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace semantrix::testing
