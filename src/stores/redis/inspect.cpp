#include "stores/redis/inspect.hpp"

#include "protocol/resp/command.hpp"
#include "stores/redis/decoders.hpp"

#include <charconv>
#include <string_view>

namespace semantrix::redis {
namespace {

/// The value behind "name:" at the beginning of a line of INFO's text.
std::string field(std::string_view text, std::string_view name) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find("\r\n", at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':')) {
      return std::string(line.substr(name.size() + 1));
    }
    at = end + 2;
  }
  return {};
}

awaitable<Result<std::string>> ask(Core& core, std::string request) {
  const auto encode = [&request](Commands& out) { out.next().text().append(request); };
  Route route;
  route.kind = CallKind::scan;
  auto asking = core.client().call<TextDecoder>(route, 1, encode);
  co_return co_await std::move(asking);
}

}  // namespace

awaitable<Result<ServerReport>> inspect(std::shared_ptr<Core> core) {
  std::string request;
  resp::append_command(request, {"INFO"});
  auto asking = ask(*core, std::move(request));
  const Result<std::string> info = co_await std::move(asking);
  if (!info) co_return core->failed(info.error());
  ServerReport report;
  report.version = field(*info, "redis_version");
  report.role = field(*info, "role");
  report.maxmemory_policy = field(*info, "maxmemory_policy");
  const std::string maxmemory = field(*info, "maxmemory");
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(maxmemory.data(), maxmemory.data() + maxmemory.size(), bytes);
  if (read.ec == std::errc() && !maxmemory.empty()) report.maxmemory = bytes;
  if (field(*info, "cluster_enabled") == "1") {
    std::string cluster_info;
    resp::append_command(cluster_info, {"CLUSTER", "INFO"});
    auto asking_cluster = ask(*core, std::move(cluster_info));
    const Result<std::string> cluster = co_await std::move(asking_cluster);
    if (cluster) report.cluster_state = field(*cluster, "cluster_state");
  }
  co_return report;
}

}  // namespace semantrix::redis
