#include "stores/memcached/inspect.hpp"

#include "protocol/memcache/command.hpp"
#include "protocol/memcache/line.hpp"
#include "stores/memcached/decoders.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace semantrix::memcached {
namespace {

/// The answer to "stats", added up.
class FiguresDecoder : Decoder {
 public:
  using Answer = stores::ServerFigures;
  void take(const memcache::Reply& reply, const net::ReadBuffer&) {
    if (!accept(reply)) return;
    if (reply.kind() != memcache::Kind::statistics) return refuse();
    for (const memcache::Item& item : reply.items()) {
      const auto number = memcache::parse_number(reply.value(item));
      if (number) count(reply.key(item), *number);
    }
  }
  Result<Answer> answer() {
    if (error_) return *error_;
    figures_.servers = 1;
    return figures_;
  }

 private:
  void count(std::string_view name, std::uint64_t number) {
    using Member = std::uint64_t Answer::*;
    static constexpr std::array<std::pair<std::string_view, Member>, 14> fields{{
        {"cmd_get", &Answer::requests},
        {"cmd_set", &Answer::requests},
        {"cmd_touch", &Answer::requests},
        {"delete_hits", &Answer::requests},
        {"delete_misses", &Answer::requests},
        {"get_hits", &Answer::hits},
        {"get_misses", &Answer::misses},
        {"evictions", &Answer::evictions},
        {"get_expired", &Answer::expirations},
        {"expired_unfetched", &Answer::expirations},
        {"curr_items", &Answer::entries},
        {"bytes", &Answer::bytes},
        {"limit_maxbytes", &Answer::most_bytes},
        {"curr_connections", &Answer::connections},
    }};
    for (const auto& [its_name, member] : fields) {
      if (name == its_name) figures_.*member += number;
    }
  }

  Answer figures_;
};

FiguresDecoder make_decoder() { return {}; }

void ask_figures(net::OutputBuffer& out, memcache::Dialect /*dialect*/) {
  out.text().append(memcache::stats_request);
}

void add_up(const stores::ServerFigures& one, stores::ServerFigures& sum) {
  sum.servers += one.servers;
  sum.requests += one.requests;
  sum.hits += one.hits;
  sum.misses += one.misses;
  sum.evictions += one.evictions;
  sum.expirations += one.expirations;
  sum.entries += one.entries;
  sum.bytes += one.bytes;
  sum.most_bytes += one.most_bytes;
  sum.connections += one.connections;
}

}  // namespace

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

awaitable<Result<stores::ServerFigures>> count_up(std::shared_ptr<Core> core) {
  auto learning = core->client().learn();
  const auto view = co_await std::move(learning);
  if (!view) co_return core->failed(view.error());
  stores::ServerFigures sum;
  for (const std::shared_ptr<Node>& node : (*view)->nodes) {
    Route route;
    route.server = node;
    auto asking = core->client().call(std::move(route), 1, make_decoder, ask_figures);
    const Result<stores::ServerFigures> figures = co_await std::move(asking);
    if (!figures) co_return core->failed(figures.error());
    add_up(*figures, sum);
  }
  co_return sum;
}

}  // namespace semantrix::memcached
