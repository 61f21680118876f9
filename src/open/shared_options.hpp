#pragma once

#include "base/duration.hpp"
#include "base/options.hpp"
#include "base/size.hpp"
#include "base/suggest.hpp"
#include "open/url_options.hpp"
#include <semantrix/elasticache_options.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

/// What the tables of several stores have in common: parsers, rows, and how tables are joined.
namespace semantrix {

/// One table of several.
template <class Options, std::size_t... counts>
[[nodiscard]] constexpr auto joined(const std::array<OptionEntry<Options>, counts>&... tables) {
  std::array<OptionEntry<Options>, (counts + ...)> all{};
  std::size_t end = 0;
  const auto append = [&](const auto& table) {
    for (const auto& row : table) all[end++] = row;
  };
  (append(tables), ...);
  return all;
}

/// Sets a field of a part of the options: `set_part<&Options::network, parse_count, &Part::field>`.
template <auto Part, auto Parse, auto Member, class Options>
[[nodiscard]] Result<void> set_part(Options& options, std::string_view text) {
  return set_option<Parse, Member>(options.*Part, text);
}

/// Any text, the empty one too.
[[nodiscard]] Result<std::string> parse_text(std::string_view text);
/// Any text but the empty one.
[[nodiscard]] Result<std::string> parse_name(std::string_view text);
/// A duration, which may be zero.
[[nodiscard]] Result<std::chrono::milliseconds> parse_delay(std::string_view text);
/// A count that fits, or the largest that does.
[[nodiscard]] Result<int> parse_attempts(std::string_view text);
/// The number of a Redis database.
[[nodiscard]] Result<std::uint32_t> parse_database(std::string_view text);
[[nodiscard]] Result<OnError> parse_outage(std::string_view text);
[[nodiscard]] Result<ReadFrom> parse_reads(std::string_view text);

/// The value of that name, or an error that lists the names.
template <auto Parse, class... Values>
[[nodiscard]] auto parse_named(std::string_view what, std::string_view text, Values... values)
    -> Result<std::common_type_t<Values...>> {
  if (const auto value = Parse(text)) return *value;
  const std::array names{to_string(values)...};
  return Error(ErrorCode::invalid_argument, unknown_name(what, text, names));
}

/// key_prefix, default_ttl and compress_threshold.
template <class Options>
[[nodiscard]] constexpr auto entry_options(
    std::string_view key_prefix = "semantrix:",
    std::string_view compress_threshold =
        "Values of at least so many bytes are compressed, if that makes them 12.5 % smaller.") {
  using Row = OptionEntry<Options>;
  return std::array{
      Row{"key_prefix", "text", key_prefix,
          "In front of every key; keys, size and clear stay within it.",
          set_option<parse_text, &Options::key_prefix>},
      Row{"default_ttl", "duration", "", "Time to live of an add that names none.",
          set_option<parse_positive_duration, &Options::default_ttl>},
      Row{"compress_threshold", "size", "", compress_threshold,
          set_option<parse_size, &Options::compress_threshold>},
  };
}

/// What differs from store to store in how the options of the network are described.
struct NetworkTexts {
  std::string_view connect_timeout = "Resolve, connect, TLS and authenticate, together.";
  std::string_view retry_delay =
      "Longest wait before the first retry, doubled for each further one.";
  std::string_view most_connections = "4";
  std::string_view max_pool_connections = "Most connections to a node.";
};

template <class Options>
[[nodiscard]] constexpr auto network_options(const NetworkTexts& texts = {}) {
  using Row = OptionEntry<Options>;
  using Net = NetworkOptions;
  constexpr auto part = &Options::network;
  return std::array{
      Row{"connect_timeout", "duration", "1s", texts.connect_timeout,
          set_part<part, parse_positive_duration, &Net::connect_timeout>},
      Row{"read_timeout", "duration", "500ms", "One attempt of a call.",
          set_part<part, parse_positive_duration, &Net::read_timeout>},
      Row{"deadline", "duration", "",
          "One call with all its retries; without it 2 s, or what the other times need.",
          set_part<part, parse_positive_duration, &Net::deadline>},
      Row{"retry_attempts", "count", "2", "Attempts after the first one.",
          set_part<part, parse_attempts, &Net::retry_attempts>},
      Row{"retry_delay", "duration", "10ms", texts.retry_delay,
          set_part<part, parse_delay, &Net::retry_delay>},
      Row{"max_pool_connections", "count", texts.most_connections, texts.max_pool_connections,
          set_part<part, parse_count, &Net::max_pool_connections>},
      Row{"on_error", "raise or miss", "raise",
          "In an outage calls fail (raise), or reads miss and writes are dropped (miss).",
          set_part<part, parse_outage, &Net::on_error>},
  };
}

}  // namespace semantrix
