#include "net/network_checks.hpp"

#include "base/duration.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::net {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds least_default_deadline{2000};
// Points in time are counted in nanoseconds and must not overflow.
constexpr milliseconds longest_timeout = std::chrono::hours(24);
constexpr int most_retry_attempts = 100;
constexpr std::size_t most_connections = 1024;

Error invalid(std::string sentence) { return {ErrorCode::invalid_argument, std::move(sentence)}; }

Result<void> check_time(std::string_view name, milliseconds duration) {
  if (auto checked = check_duration(name, duration); !checked) return checked;
  if (duration <= longest_timeout) return {};
  return invalid(std::string(name) + " must not exceed 24 hours");
}

Result<void> check_times(const NetworkOptions& options) {
  using Named = std::pair<std::string_view, milliseconds>;
  const std::array positive{
      Named{"connect_timeout", options.connect_timeout},
      Named{"read_timeout", options.read_timeout},
      Named{"deadline", options.deadline.value_or(least_default_deadline)},
  };
  for (const auto& [name, duration] : positive) {
    if (auto checked = check_time(name, duration); !checked) return checked;
  }
  if (options.retry_delay == milliseconds::zero()) return {};
  if (options.retry_delay < milliseconds::zero()) {
    return invalid("retry_delay must not be negative");
  }
  return check_time("retry_delay", options.retry_delay);
}

}  // namespace

Result<void> check(const NetworkOptions& options) {
  if (auto checked = check_times(options); !checked) return checked;
  if (options.retry_attempts < 0 || options.retry_attempts > most_retry_attempts) {
    return invalid("retry_attempts must be between 0 and " + std::to_string(most_retry_attempts));
  }
  if (options.max_pool_connections < 1 || options.max_pool_connections > most_connections) {
    return invalid("max_pool_connections must be between 1 and " +
                   std::to_string(most_connections));
  }
  return {};
}

milliseconds effective_deadline(const NetworkOptions& options) noexcept {
  if (options.deadline) return *options.deadline;
  const milliseconds needed =
      options.connect_timeout + options.retry_attempts * options.read_timeout;
  return std::max(least_default_deadline, needed);
}

}  // namespace semantrix::net
