#pragma once

#include "protocol/dynamodb/requests.hpp"
#include "stores/dynamodb/service.hpp"
#include <semantrix/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <mutex>
#include <optional>

namespace semantrix::dynamodb {

/// What may be done about the table.
struct TableOptions {
  bool create_if_missing = true;
  NewTable created;
  std::optional<bool> enable_ttl;  ///< As in `DynamoDBOptions`.
  bool has_deadline = false;       ///< The store's user set one: creating keeps to it.
};

/// The table: made when it is missing, its expiry switched on. Callers who come at once may do the
/// same side by side: the service takes the first, and the others find its work. Thread-safe.
class Table {
 public:
  explicit Table(TableOptions options) : options_(options), prepared_(options.enable_ttl != true) {}

  [[nodiscard]] const TableOptions& options() const noexcept { return options_; }

  /// Whether there is something to be done before the first call.
  [[nodiscard]] bool is_prepared() const noexcept {
    return prepared_.load(std::memory_order_acquire);
  }
  /// Does that: switches the table's expiry on, if it is off.
  [[nodiscard]] boost::asio::awaitable<Result<void>> prepare(Service& service,
                                                             const Requests& requests,
                                                             net::HttpAttempts& attempts);
  /// Creates the table and waits until it is ready: until the deadline that the store's user set,
  /// else for a minute (docs/adr/0009). Errors: `unavailable` at the deadline, what the service
  /// says.
  [[nodiscard]] boost::asio::awaitable<Result<void>> create(Service& service,
                                                            const Requests& requests,
                                                            net::HttpAttempts& attempts);

  /// What went wrong without stopping anybody.
  [[nodiscard]] std::optional<Error> warning() const;

 private:
  boost::asio::awaitable<Result<void>> wait_until_active(Service& service, const Requests& requests,
                                                         Service::Clock::time_point deadline);
  boost::asio::awaitable<void> switch_ttl_on(Service& service, const Requests& requests,
                                             Service::Clock::time_point deadline);
  void warn(const Error& warning);

  const TableOptions options_;
  std::atomic<bool> prepared_;
  mutable std::mutex mutex_;
  std::optional<Error> warning_;
};

/// Whether the table's keys are such that a cache can be kept there.
[[nodiscard]] Result<void> check_keys(const TableState& state, std::string_view table);

}  // namespace semantrix::dynamodb
