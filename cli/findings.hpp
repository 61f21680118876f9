#pragma once

#include "cli/context.hpp"
#include "cli/latency_histogram.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cli {

/// What `doctor` found, printed as it is found: a line each, or {check, status, cause, remedy} with
/// --json. Warnings do not change the exit status, failures do. Thread-safe.
class Findings {
 public:
  explicit Findings(Context& context) : context_(context) {}

  /// What one step may take at most, if --timeout bounds it.
  [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const {
    return context_.timeout;
  }

  void ok(std::string_view check, std::string_view cause);
  /// What calls took: with --json, {probes, p50_us, p99_us} besides. In order where `remedy` is
  /// empty.
  void measured(std::string_view check, const LatencyHistogram& latencies, std::string_view cause,
                std::string_view remedy);
  void warn(std::string_view check, std::string_view cause, std::string_view remedy);
  void fail(std::string_view check, const Error& error);
  /// The last finding; ends the process with the exit status so far.
  [[noreturn]] void fail_and_exit(std::string_view check, const Error& error);

 private:
  void put_failure(std::string_view check, const Error& error);
  void print(std::string_view check, std::string_view status, std::string_view cause,
             std::string_view remedy, const LatencyHistogram* latencies = nullptr);

  std::mutex mutex_;
  Context& context_;  // guarded by mutex_
};

}  // namespace semantrix::cli
