#include "stores/memcached/inspect.hpp"

#include <utility>

namespace semantrix::memcached {

awaitable<Result<std::vector<ServerReport>>> inspect(std::shared_ptr<Core> core) {
  auto learning = core->client().learn();
  const auto view = co_await std::move(learning);
  if (!view) co_return core->failed(view.error());
  std::vector<ServerReport> reports;
  for (const std::shared_ptr<Node>& node : (*view)->nodes) {
    auto asking = core->client().ask(node);
    const Result<void> answered = co_await std::move(asking);
    ServerReport report{node->endpoint(), node->greeting(), {}};
    if (!answered) report.failure = core->failed(answered.error());
    reports.push_back(std::move(report));
  }
  co_return reports;
}

}  // namespace semantrix::memcached
