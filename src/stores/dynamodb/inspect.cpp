#include "stores/dynamodb/inspect.hpp"

#include "stores/dynamodb/dynamodb_backend.hpp"
#include "stores/dynamodb/store_backend.hpp"

#include <utility>

namespace semantrix::dynamodb {
namespace {

awaitable<Answer> describe(SharedCore core, Action action) {
  net::HttpAttempts attempts = core->attempts(net::CallKind::read);
  const std::string body = core->requests.describe();
  auto asking = core->service.call(action, body, attempts);
  co_return co_await std::move(asking);
}

}  // namespace

SharedCore core_of(DynamoDBCacheStore& store) {
  return dynamic_cast<DynamoDBBackend&>(*backend_of(store)).core();
}

awaitable<Result<aws::SharedCredentials>> inspect_credentials(SharedCore core) {
  const auto deadline = net::HttpAttempts::Clock::now() + core->service.means().deadline;
  auto asking = aws::CredentialsProvider::get(core->service.options().credentials, deadline);
  co_return co_await std::move(asking);
}

awaitable<Result<std::optional<TableState>>> inspect_table(SharedCore core) {
  auto asking = describe(core, Action::describe_table);
  const Answer answer = co_await std::move(asking);
  if (core->misses_table(answer)) co_return std::optional<TableState>();
  if (answer.error) co_return *answer.error;
  auto state = read_table(answer.body);
  if (!state) co_return not_understood(Action::describe_table);
  if (auto checked = check_keys(*state, core->service.table()); !checked) co_return checked.error();
  co_return state;
}

awaitable<Result<std::optional<TtlState>>> inspect_ttl(SharedCore core) {
  auto asking = describe(core, Action::describe_time_to_live);
  const Answer answer = co_await std::move(asking);
  if (answer.error && answer.kind == FailureKind::unknown_action) {
    co_return std::optional<TtlState>();
  }
  if (answer.error) co_return *answer.error;
  auto state = read_ttl(answer.body);
  if (!state) co_return not_understood(Action::describe_time_to_live);
  co_return state;
}

}  // namespace semantrix::dynamodb
