#pragma once

#include "cli/output.hpp"
#include <semantrix/error.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cli {

class Progress;

/// What every command shares: the global options, standard output, and the exit status so far.
class Context {
 public:
  explicit Context(int output_descriptor) noexcept : out(output_descriptor) {}

  // -- Global options --
  std::string store_url;  ///< Empty: none was named.
  bool json = false;
  std::optional<std::chrono::milliseconds> timeout;

  // -- What the chosen command does, once all arguments are read --
  std::function<void()> action;

  Output out;

  /// One sentence on standard error; a progress bar under way makes room for it.
  void note(std::string_view sentence);

  /// Reports a failure: the sentence on standard error, with --json also {error, code, remedy} on
  /// standard output; raises the exit status to what the code says, at least to `at_least`.
  void fail(const Error& error, int at_least = 0);

  /// The exit status is the worst that was reported.
  void raise_status(int status) noexcept;
  [[nodiscard]] int status() const noexcept { return status_; }

  void attach(Progress* progress) noexcept { progress_ = progress; }

 private:
  int status_ = 0;
  Progress* progress_ = nullptr;
};

/// {error, code, remedy} on one line.
[[nodiscard]] std::string error_json(const Error& error);

}  // namespace semantrix::cli
