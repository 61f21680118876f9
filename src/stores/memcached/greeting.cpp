#include "stores/memcached/greeting.hpp"

#include "net/dialogue.hpp"
#include "protocol/memcache/command.hpp"
#include "protocol/memcache/error_reply.hpp"
#include "protocol/memcache/line.hpp"
#include "stores/memcached/protocol.hpp"

#include <array>
#include <utility>

namespace semantrix::memcached {
namespace {

using boost::asio::awaitable;
using memcache::ErrorKind;
using memcache::Kind;
using memcache::Reply;
using Dialogue = net::Dialogue<Protocol>;

Error told_while_connecting(const Reply& reply, std::string_view otherwise) {
  const Error error =
      reply.is_error() ? memcache::to_error(reply.text()) : net::malformed(otherwise);
  return net::with_phase(error, Phase::connecting);
}

bool asks_for_login(const Reply& reply) noexcept {
  return reply.is_error() && memcache::classify_error(reply.text()) == ErrorKind::unauthenticated;
}

awaitable<Result<void>> log_in(Dialogue& dialogue, const RedisCredentials& credentials) {
  if (credentials.password.empty()) {
    co_return net::with_phase(memcache::to_error("CLIENT_ERROR unauthenticated"),
                              Phase::connecting);
  }
  std::string request;
  const Result<void> written =
      memcache::append_login(request, credentials.user, credentials.password);
  if (!written) co_return written.error();
  auto asking = dialogue.ask(std::move(request));
  const Result<Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  if (reply->kind() != Kind::done) {
    co_return told_while_connecting(*reply, "its answer to the login is not Memcached's");
  }
  co_return Result<void>();
}

void read_setting(std::string_view name, std::string_view text, Greeting& greeting) {
  const auto number = memcache::parse_number(text);
  if (name == "item_size_max" && number && *number >= 1024) {
    greeting.item_limit = static_cast<std::size_t>(*number);
  }
  if (name == "maxbytes") greeting.memory_limit = number;
  if (name == "evictions") greeting.evicts = text == "on";
  if (name == "dump_enabled" || name == "lru_crawler") {
    greeting.lists_keys = greeting.lists_keys.value_or(true) && text == "yes";
  }
}

/// A server that refuses them is taken at its defaults.
awaitable<Result<void>> ask_settings(Dialogue& dialogue, Greeting& greeting) {
  auto asking = dialogue.ask(std::string(memcache::stats_settings_request));
  const Result<Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  if (reply->kind() == Kind::statistics) {
    for (const memcache::Item& item : reply->items()) {
      read_setting(reply->key(item), reply->value(item), greeting);
    }
  }
  co_return Result<void>();
}

awaitable<Result<void>> ask_cluster(Dialogue& dialogue, Greeting& greeting) {
  auto asking = dialogue.ask(std::string(discovery_request(greeting.version)));
  const Result<Reply> reply = co_await std::move(asking);
  if (!reply) co_return reply.error();
  auto cluster = cluster_of(*reply);
  if (!cluster) co_return net::with_phase(cluster.error(), Phase::connecting);
  greeting.cluster = std::move(*cluster);
  co_return Result<void>();
}

/// `version`, with a login before it where the server wants one.
awaitable<Result<Greeting>> introduce(Dialogue& dialogue, const RedisCredentials& credentials) {
  Greeting greeting;
  auto asking = dialogue.ask(std::string(memcache::version_request));
  Result<Reply> reply = co_await std::move(asking);
  if (reply && asks_for_login(*reply)) {
    greeting.asked_for_login = true;
    auto logging_in = log_in(dialogue, credentials);
    const Result<void> in = co_await std::move(logging_in);
    if (!in) co_return in.error();
    auto asking_again = dialogue.ask(std::string(memcache::version_request));
    reply = co_await std::move(asking_again);
  }
  if (!reply) co_return reply.error();
  if (reply->kind() != Kind::version) {
    co_return told_while_connecting(*reply, "its greeting is not Memcached's");
  }
  greeting.version = reply->text();
  greeting.dialect = memcache::dialect_of(greeting.version);
  co_return greeting;
}

}  // namespace

std::string_view discovery_request(std::string_view version) noexcept {
  // Before 1.4.14 the nodes are a value under a key of its own.
  constexpr std::array<std::string_view, 3> old{"1.4.", "1.3.", "1.2."};
  for (const std::string_view series : old) {
    if (!version.starts_with(series)) continue;
    version.remove_prefix(series.size());
    const auto number = memcache::parse_number(version.substr(0, version.find_first_of(".-_ ")));
    if (series != old.front() || (number && *number < 14)) return memcache::old_discovery_request;
  }
  return memcache::discovery_request;
}

Result<std::optional<memcache::ClusterConfiguration>> cluster_of(const Reply& reply) {
  std::optional<memcache::ClusterConfiguration> cluster;
  if (reply.kind() != Kind::configuration && reply.kind() != Kind::values) return cluster;
  auto parsed = memcache::parse_cluster_configuration(reply.value());
  if (!parsed) return parsed.error();
  cluster = std::move(*parsed);
  return cluster;
}

awaitable<Result<Greeting>> greet(net::Stream& stream, const net::Endpoint& peer,
                                  const RedisCredentials& credentials, bool asks_for_cluster,
                                  std::chrono::steady_clock::time_point deadline) {
  const net::Alarm alarm(stream, deadline);
  Dialogue dialogue(stream, peer);
  auto introducing = introduce(dialogue, credentials);
  Result<Greeting> greeting = co_await std::move(introducing);
  if (!greeting) co_return greeting;
  auto asking = ask_settings(dialogue, *greeting);
  const Result<void> settings = co_await std::move(asking);
  if (!settings) co_return settings.error();
  if (asks_for_cluster) {
    auto asking_cluster = ask_cluster(dialogue, *greeting);
    const Result<void> cluster = co_await std::move(asking_cluster);
    if (!cluster) co_return cluster.error();
  }
  co_return greeting;
}

}  // namespace semantrix::memcached
