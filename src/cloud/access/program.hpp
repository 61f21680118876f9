#pragma once

#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::cloud {

struct ProgramOutput {
  int status = 0;  ///< What it exited with; 128 and the number of the signal that ended it.
  std::string standard_output = {};
  std::string standard_error = {};  ///< Its first 64 KiB.
};

/// The words of a command line: blanks separate them, quotes of either kind keep them together, and
/// within double quotes a backslash takes the next character as it is. No shell reads them.
[[nodiscard]] std::vector<std::string> split_command(std::string_view text);

/// Runs a program, looked for in PATH, with nothing on its standard input, on the coroutine's
/// executor. It is killed at the deadline (`timeout`), and when it writes more than 1 MiB
/// (`protocol_error`). Error (`io_error`): it cannot be started.
[[nodiscard]] boost::asio::awaitable<Result<ProgramOutput>> run_program(
    std::vector<std::string> words, std::chrono::steady_clock::time_point deadline);

}  // namespace semantrix::cloud
