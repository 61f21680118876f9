#include "stores/dynamodb/table.hpp"

#include "protocol/dynamodb/responses.hpp"
#include "stores/dynamodb/core.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace semantrix::dynamodb {
namespace {

using boost::asio::awaitable;
using Clock = Service::Clock;

/// How long the service may take to make a table, where nobody set a deadline.
constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds first_pause{20};
constexpr std::chrono::milliseconds longest_pause{500};

Error being_created(std::string_view table) {
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message = fmt::format("table {} is being created and not ready yet", table);
  info.remedy = "call again in some seconds, or raise deadline";
  info.retryable = true;
  info.phase = Phase::received;
  return Error(std::move(info));
}

/// The permission that is missing is not that of the call which found the table missing.
Error cannot_create(const Error& error) {
  ErrorInfo info = error.info();
  info.message = "the table does not exist and cannot be created: " + info.message;
  return Error(std::move(info));
}

}  // namespace

Result<void> check_keys(const TableState& state, std::string_view table) {
  if (state.hash_key == "key" && state.hash_type == "S" && !state.has_range_key) return {};
  return Error(ErrorCode::invalid_argument,
               fmt::format("table {} has other keys than a cache needs", table),
               "use a table whose only key is the string attribute 'key', or name one that does "
               "not exist and have it created");
}

void Table::warn(const Error& warning) {
  const std::lock_guard lock(mutex_);
  warning_ = warning;
}

std::optional<Error> Table::warning() const {
  const std::lock_guard lock(mutex_);
  return warning_;
}

awaitable<Result<void>> Table::create(Service& service, const Requests& requests,
                                      net::HttpAttempts& attempts) {
  const auto deadline = options_.has_deadline
                            ? attempts.deadline()
                            : std::max(attempts.deadline(), Clock::now() + patience);
  net::HttpAttempts creating(service.means(), net::CallKind::read, deadline);
  const std::string body = requests.create_table(options_.created);
  auto asking = service.call(Action::create_table, body, creating);
  const Answer answer = co_await std::move(asking);
  const bool ours = !answer.error;
  // Should this call end before the table is ready, a later one sees to its expiry.
  if (ours && options_.enable_ttl != false) prepared_.store(false, std::memory_order_release);
  if (!ours && answer.kind != FailureKind::table_in_use) co_return cannot_create(*answer.error);
  auto waiting = wait_until_active(service, requests, deadline);
  const Result<void> ready = co_await std::move(waiting);
  if (!ready) co_return ready.error();
  if (ours && options_.enable_ttl != false) {
    auto switching = switch_ttl_on(service, requests, deadline);
    co_await std::move(switching);
  }
  prepared_.store(true, std::memory_order_release);
  // The call itself has its time before it.
  if (!options_.has_deadline) attempts.begin_anew();
  co_return Result<void>();
}

awaitable<Result<void>> Table::wait_until_active(Service& service, const Requests& requests,
                                                 Clock::time_point deadline) {
  const std::string body = requests.describe();
  for (auto pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    net::HttpAttempts looking(service.means(), net::CallKind::read, deadline);
    auto asking = service.call(Action::describe_table, body, looking);
    const Answer answer = co_await std::move(asking);
    // A table that was asked for a moment ago may not be known yet.
    if (answer.error && answer.kind != FailureKind::no_table) co_return *answer.error;
    if (!answer.error) {
      const auto state = read_table(answer.body);
      if (!state) co_return not_understood(Action::describe_table);
      if (state->status == "ACTIVE") co_return check_keys(*state, service.table());
    }
    if (Clock::now() + pause >= deadline) co_return being_created(service.table());
    auto waiting = Service::wait(pause);
    co_await std::move(waiting);
  }
}

awaitable<void> Table::switch_ttl_on(Service& service, const Requests& requests,
                                     Clock::time_point deadline) {
  net::HttpAttempts switching(service.means(), net::CallKind::read, deadline);
  const std::string body = requests.enable_ttl();
  auto asking = service.call(Action::update_time_to_live, body, switching);
  const Answer answer = co_await std::move(asking);
  if (!answer.error ||
      answer.error->info().server_message.find("already enabled") != std::string::npos) {
    co_return;
  }
  // Stand-ins for the service may lack it, and nobody asked.
  if (options_.enable_ttl != true && answer.kind == FailureKind::unknown_action) co_return;
  // The cache works without it: expired items cost storage until something removes them.
  warn(Error(
      answer.error->code(),
      fmt::format("the table's own expiry cannot be switched on: {}", answer.error->message()),
      "switch it on by hand, or set enable_ttl to false"));
}

awaitable<Result<void>> Table::prepare(Service& service, const Requests& requests,
                                       net::HttpAttempts& attempts) {
  const std::string body = requests.describe();
  auto asking = service.call(Action::describe_time_to_live, body, attempts);
  const Answer answer = co_await std::move(asking);
  if (answer.kind == FailureKind::no_table && answer.error) co_return Result<void>();
  const bool unknown = answer.kind == FailureKind::unknown_action && !options_.enable_ttl;
  if (answer.error && !unknown) {
    warn(*answer.error);
  } else if (!answer.error) {
    const auto ttl = read_ttl(answer.body);
    if (!ttl) co_return not_understood(Action::describe_time_to_live);
    if (ttl->status == "DISABLED") {
      auto switching = switch_ttl_on(service, requests, attempts.deadline());
      co_await std::move(switching);
    } else if (ttl->attribute != requests.ttl_attribute() && !ttl->attribute.empty()) {
      warn(Error(ErrorCode::invalid_argument,
                 fmt::format("the table's own expiry goes by attribute {}, not by {}",
                             ttl->attribute, requests.ttl_attribute()),
                 "set ttl_attribute to it"));
    }
  }
  prepared_.store(true, std::memory_order_release);
  co_return Result<void>();
}

}  // namespace semantrix::dynamodb
