#pragma once

#include "cli/context.hpp"

#include <string>
#include <string_view>

namespace semantrix::cli {

/// What `doctor` found, printed as it is found: a line each, or {check, status, cause, remedy} with
/// --json. Warnings do not change the exit status, failures do.
class Findings {
 public:
  explicit Findings(Context& context) : context_(context) {}

  void ok(std::string_view check, std::string_view cause);
  void warn(std::string_view check, std::string_view cause, std::string_view remedy);
  void fail(std::string_view check, const Error& error);

 private:
  void print(std::string_view check, std::string_view status, std::string_view cause,
             std::string_view remedy);

  Context& context_;
};

}  // namespace semantrix::cli
