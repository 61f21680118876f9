#pragma once

#include "base/url.hpp"
#include <semantrix/error.hpp>
#include <semantrix/eviction_policy.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Options from text: one table an options struct says what its options are called, how they are
/// read and what they mean, for URLs, documentation and the command line alike.
///
///     constexpr std::array table{OptionEntry<MemoryOptions>{
///         "max_size", "count", "10000", "Most entries held.",
///         set_option<parse_count, &MemoryOptions::max_size>}};
namespace semantrix {

/// One row of a table.
template <class Options>
struct OptionEntry {
  std::string_view name;
  std::string_view kind;        ///< What its text is: "count", "duration", …
  std::string_view by_default;  ///< As text; empty: none.
  std::string_view summary;     ///< One sentence.
  Result<void> (*set)(Options& options, std::string_view text);
};

/// Sets a field, perhaps a `std::optional`, to what a parser makes of the text.
template <auto Parse, auto Member, class Options>
[[nodiscard]] Result<void> set_option(Options& options, std::string_view text) {
  auto value = Parse(text);
  if (!value) return value.error();
  options.*Member = std::move(*value);
  return {};
}

// Parsers for tables, beside `parse_count` and `parse_size`.
[[nodiscard]] Result<std::chrono::milliseconds> parse_positive_duration(std::string_view text);
[[nodiscard]] Result<EvictionPolicy> parse_policy(std::string_view text);
/// Any text but the empty one.
[[nodiscard]] Result<std::string> parse_path(std::string_view text);
/// "true", "yes", "on", "1" and their opposites, in any case.
[[nodiscard]] Result<bool> parse_flag(std::string_view text);

namespace detail {

/// Which row each parameter names. Errors as `read_options`, short of bad values.
[[nodiscard]] Result<std::vector<std::size_t>> match_options(
    std::span<const std::string_view> names, std::span<const UrlParameter> parameters);

/// A bad value's error with the option's name in front.
[[nodiscard]] Error option_error(std::string_view name, const Error& error);

}  // namespace detail

/// Sets `options` from parameters. Error (`invalid_argument`, one sentence): a name that is not in
/// the table (with the nearest that is), one that comes twice, one without a value, a bad value.
template <class Options>
[[nodiscard]] Result<void> read_options(std::span<const OptionEntry<Options>> table,
                                        std::span<const UrlParameter> parameters,
                                        Options& options) {
  std::vector<std::string_view> names;
  for (const auto& row : table) names.push_back(row.name);
  const auto rows = detail::match_options(names, parameters);
  if (!rows) return rows.error();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const OptionEntry<Options>& row = table[(*rows)[i]];
    const Result<void> done = row.set(options, *parameters[i].value);
    if (!done) return detail::option_error(row.name, done.error());
  }
  return {};
}

}  // namespace semantrix
