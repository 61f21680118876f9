#include "stores/dynamodb/core.hpp"

#include <fmt/format.h>

#include <utility>

namespace semantrix::dynamodb {

using boost::asio::awaitable;
namespace {

/// Only what adds needs a table. To the others one that is missing is one without items.
bool needs_table(Action action) noexcept {
  return action == Action::put_item || action == Action::batch_write_item;
}

}  // namespace

awaitable<Answer> ask(SharedCore core, Action action, std::string body,
                      net::HttpAttempts& attempts) {
  if (!core->table.is_prepared()) {
    auto preparing = core->table.prepare(core->service, core->requests, attempts);
    const Result<void> prepared = co_await std::move(preparing);
    if (!prepared) {
      Answer failed;
      failed.error = prepared.error();
      co_return failed;
    }
  }
  auto asking = core->service.call(action, body, attempts);
  Answer answer = co_await std::move(asking);
  if (!core->misses_table(answer)) co_return answer;
  if (!needs_table(action)) {
    if (action == Action::describe_table) co_return answer;
    Answer nothing;
    nothing.body = "{}";
    co_return nothing;
  }
  auto creating = core->table.create(core->service, core->requests, attempts);
  const Result<void> created = co_await std::move(creating);
  if (!created) {
    answer.error = created.error();
    answer.kind = FailureKind::other;
    co_return answer;
  }
  auto repeating = core->service.call(action, body, attempts);
  co_return co_await std::move(repeating);
}

Error not_understood(Action action) {
  return {ErrorCode::protocol_error,
          fmt::format("what answers {} is not what DynamoDB answers", to_string(action)),
          "check that endpoint_url is DynamoDB's"};
}

}  // namespace semantrix::dynamodb
