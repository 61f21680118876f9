#include "stores/redis/inspect.hpp"

#include "protocol/resp/command.hpp"
#include "stores/redis/decoders.hpp"

#include <charconv>
#include <string_view>
#include <utility>

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

std::uint64_t number(std::string_view text, std::string_view name) {
  const std::string value = field(text, name);
  std::uint64_t read = 0;
  std::from_chars(value.data(), value.data() + value.size(), read);
  return read;
}

/// "db0:keys=12,expires=3,avg_ttl=0", a line for each database.
std::uint64_t keys_of(std::string_view text) {
  constexpr std::string_view begin = ":keys=";
  std::uint64_t keys = 0;
  for (std::size_t at = text.find("\r\ndb"); at != text.npos; at = text.find("\r\ndb", at + 1)) {
    const std::size_t found = text.find(begin, at);
    const std::size_t end = text.find("\r\n", at + 1);
    if (found == text.npos || found > end) continue;
    std::uint64_t here = 0;
    std::from_chars(text.data() + found + begin.size(), text.data() + text.size(), here);
    keys += here;
  }
  return keys;
}

void add_up(std::string_view info, stores::ServerFigures& sum) {
  ++sum.servers;
  sum.requests += number(info, "total_commands_processed");
  sum.hits += number(info, "keyspace_hits");
  sum.misses += number(info, "keyspace_misses");
  sum.evictions += number(info, "evicted_keys");
  sum.expirations += number(info, "expired_keys");
  sum.entries += keys_of(info);
  sum.bytes += number(info, "used_memory");
  sum.most_bytes += number(info, "maxmemory");
  sum.connections += number(info, "connected_clients");
}

awaitable<Result<std::string>> ask(Core& core, std::string request,
                                   std::shared_ptr<Node> server = nullptr) {
  const auto encode = [&request](Commands& out) { out.next().text().append(request); };
  Route route;
  route.kind = CallKind::scan;
  route.server = std::move(server);
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

awaitable<Result<stores::ServerFigures>> count_up(std::shared_ptr<Core> core) {
  auto finding = core->client().primaries();
  const auto primaries = co_await std::move(finding);
  if (!primaries) co_return core->failed(primaries.error());
  stores::ServerFigures sum;
  for (const std::shared_ptr<Node>& primary : *primaries) {
    std::string request;
    resp::append_command(request, {"INFO"});
    auto asking = ask(*core, std::move(request), primary);
    const Result<std::string> info = co_await std::move(asking);
    if (!info) co_return core->failed(info.error());
    add_up(*info, sum);
  }
  co_return sum;
}

}  // namespace semantrix::redis
