#pragma once

#include "protocol/dynamodb/requests.hpp"
#include "protocol/dynamodb/responses.hpp"
#include "stores/backend/bookkeeping.hpp"
#include "stores/dynamodb/gathered_reads.hpp"
#include "stores/dynamodb/service.hpp"
#include "stores/dynamodb/table.hpp"
#include <semantrix/clock.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::dynamodb {

/// What the calls of a store share, and hold while they are under way. Thread-safe.
class Core : public stores::Bookkeeping {
 public:
  Core(stores::StoreTerms terms, ServiceOptions whom, TableOptions about_table, Requests writer)
      : Bookkeeping(std::move(terms)),
        service(std::move(whom)),
        requests(std::move(writer)),
        table(about_table) {}

  /// Attempts of a call that begins now.
  [[nodiscard]] net::HttpAttempts attempts(net::CallKind kind) { return {service.means(), kind}; }
  /// The calendar's time, to which expiry is held.
  [[nodiscard]] static std::chrono::milliseconds now() { return system_clock()->wall_now(); }
  /// When what is added now expires.
  [[nodiscard]] std::optional<std::chrono::milliseconds> deadline_of(
      std::optional<std::chrono::milliseconds> ttl) const {
    const auto lasting = ttl ? ttl : terms().default_ttl;
    if (!lasting) return std::nullopt;
    return now() + *lasting;
  }
  /// Whether the table is not there and may be made.
  [[nodiscard]] bool misses_table(const Answer& answer) const noexcept {
    return answer.error && answer.kind == FailureKind::no_table &&
           table.options().create_if_missing;
  }

  Service service;
  const Requests requests;
  Table table;
  GatheredReads reads;
  /// Whether reads are gathered.
  bool gathers = true;
};

using SharedCore = std::shared_ptr<Core>;

/// Asks the service about the table. Where that is missing and may be made, what adds has it made
/// first, and what reads or removes gets an answer without items ("{}"); describe_table alone fails
/// with `FailureKind::no_table`.
[[nodiscard]] boost::asio::awaitable<Answer> ask(SharedCore core, Action action, std::string body,
                                                 net::HttpAttempts& attempts);

/// A body that is not what the service should answer.
[[nodiscard]] Error not_understood(Action action);

}  // namespace semantrix::dynamodb
