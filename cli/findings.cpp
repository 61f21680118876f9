#include "cli/findings.hpp"

#include "cli/json_text.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace semantrix::cli {

void Findings::ok(std::string_view check, std::string_view cause) {
  const std::lock_guard lock(mutex_);
  print(check, "ok", cause, "");
}

void Findings::measured(std::string_view check, const LatencyHistogram& latencies,
                        std::string_view cause, std::string_view remedy) {
  const std::lock_guard lock(mutex_);
  print(check, remedy.empty() ? "ok" : "warning", cause, remedy, &latencies);
}

void Findings::warn(std::string_view check, std::string_view cause, std::string_view remedy) {
  const std::lock_guard lock(mutex_);
  print(check, "warning", cause, remedy);
}

void Findings::fail(std::string_view check, const Error& error) {
  const std::lock_guard lock(mutex_);
  put_failure(check, error);
}

void Findings::fail_and_exit(std::string_view check, const Error& error) {
  const std::lock_guard lock(mutex_);  // held to the end: nothing is printed after it
  try {
    put_failure(check, error);
  } catch (...) {
    // Nobody reads any more; the exit status still says it.
  }
  ::_exit(context_.status());
}

void Findings::put_failure(std::string_view check, const Error& error) {
  context_.raise_status(exit_status(error.code()));
  std::string cause = error.message();
  if (!error.info().server_message.empty()) cause += "; server said " + error.info().server_message;
  print(check, "failed", cause, error.remedy());
}

void Findings::print(std::string_view check, std::string_view status, std::string_view cause,
                     std::string_view remedy, const LatencyHistogram* latencies) {
  if (context_.json) {
    JsonLine line;
    line.text("check", check).text("status", status).text("cause", cause).text("remedy", remedy);
    if (latencies != nullptr) {
      line.number("probes", latencies->count())
          .number("p50_us", latencies->percentile(0.5) / 1000)
          .number("p99_us", latencies->percentile(0.99) / 1000);
    }
    context_.out.line(line.str());
  } else {
    context_.out.line(fmt::format("{:<8} {:<12} {}", status, check, cause));
    if (!remedy.empty()) context_.out.line(fmt::format("{:<21} remedy: {}", "", remedy));
  }
  context_.out.flush();  // the next check may take its time
}

}  // namespace semantrix::cli
