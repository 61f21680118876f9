#include "base/options.hpp"

#include "base/duration.hpp"
#include "base/quote.hpp"
#include "base/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace semantrix {
namespace {

Error refuse(std::string message, std::string remedy = {}) {
  return {ErrorCode::invalid_argument, std::move(message), std::move(remedy)};
}

}  // namespace

Result<std::chrono::milliseconds> parse_positive_duration(std::string_view text) {
  return parse_duration(text);
}

Result<EvictionPolicy> parse_policy(std::string_view text) {
  if (const auto policy = parse_eviction_policy(text)) return *policy;
  std::array<std::string_view, all_eviction_policies.size()> names;
  std::transform(all_eviction_policies.begin(), all_eviction_policies.end(), names.begin(),
                 [](EvictionPolicy policy) { return to_string(policy); });
  return refuse(unknown_name("eviction policy", text, names));
}

Result<std::string> parse_path(std::string_view text) {
  if (text.empty()) return refuse("path is empty");
  return std::string(text);
}

Result<bool> parse_flag(std::string_view text) {
  constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "1"};
  constexpr std::array<std::string_view, 4> no{"false", "no", "off", "0"};
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (std::find(yes.begin(), yes.end(), lower) != yes.end()) return true;
  if (std::find(no.begin(), no.end(), lower) != no.end()) return false;
  return refuse(fmt::format("{} is neither true nor false", quote(text)), "write true or false");
}

namespace detail {

Result<std::vector<std::size_t>> match_options(std::span<const std::string_view> names,
                                               std::span<const UrlParameter> parameters) {
  std::vector<std::size_t> rows;
  for (const UrlParameter& parameter : parameters) {
    const auto name = std::find(names.begin(), names.end(), parameter.name);
    if (name == names.end()) return refuse(unknown_name("option", parameter.name, names));
    if (!parameter.value) {
      return refuse(fmt::format("option '{}' has no value", *name),
                    fmt::format("write {}=VALUE", *name));
    }
    const auto row = static_cast<std::size_t>(name - names.begin());
    if (std::find(rows.begin(), rows.end(), row) != rows.end()) {
      return refuse(fmt::format("option '{}' is given twice", *name), "keep one of them");
    }
    rows.push_back(row);
  }
  return rows;
}

Error option_error(std::string_view name, const Error& error) {
  return {error.code(), fmt::format("option '{}': {}", name, error.message()), error.remedy()};
}

}  // namespace detail
}  // namespace semantrix
