#include "cli/context.hpp"

#include "cli/json_text.hpp"
#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>

namespace semantrix::cli {

void Context::note(std::string_view sentence) {
  if (progress_ != nullptr) progress_->clear();
  std::string text = "semantrix: ";
  text += sentence;
  text += '\n';
  try {
    write_all(STDERR_FILENO, text, "standard error");
  } catch (...) {
    // Nobody is left to be told; the exit status still says it.
  }
}

void Context::fail(const Error& error, int at_least) {
  raise_status(std::max(exit_status(error.code()), at_least));
  note(error.to_string());
  if (json) out.line(error_json(error));
}

void Context::raise_status(int status) noexcept { status_ = std::max(status_, status); }

std::string error_json(const Error& error) {
  JsonLine line;
  line.text("error", error.message())
      .text("code", to_string(error.code()))
      .text("remedy", error.remedy());
  return line.str();
}

}  // namespace semantrix::cli
