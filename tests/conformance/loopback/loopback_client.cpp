#include "loopback_client.hpp"

#include <semantrix/executor.hpp>

namespace semantrix::testing {
namespace {

std::shared_ptr<MemoryCache> make_server(const LoopbackOptions& options) {
  MemoryOptions server;
  server.max_size = 100'000;
  server.default_ttl = options.default_ttl;
  server.clock = options.clock;
  return std::make_shared<MemoryCache>(std::move(server));
}

}  // namespace

LoopbackClient::LoopbackClient(const LoopbackOptions& options)
    : server_(make_server(options)), executor_(library_executor()) {}

Error LoopbackClient::closed_error() {
  return Error(ErrorCode::closed, "the store was closed", "open a new one");
}

}  // namespace semantrix::testing
