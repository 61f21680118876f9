#pragma once

#include <semantrix/cache_store.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The argument checks that every store shares. Nothing means "in order". The test of a key is
/// inline because every hit pays for it; the sentences are made out of line.
namespace semantrix::contract {

[[nodiscard]] inline bool key_fits(const Capability& capability, std::string_view key) noexcept {
  return !key.empty() && key.size() <= capability.max_key_bytes;
}

/// Why a key that does not fit is refused.
[[nodiscard]] Error key_error(const Capability& capability, std::string_view key);

[[nodiscard]] std::optional<Error> check_key(const Capability& capability, std::string_view key);
[[nodiscard]] std::optional<Error> check_keys(const Capability& capability,
                                              std::span<const std::string> keys);
[[nodiscard]] std::optional<Error> check_value(const Capability& capability, const Value& value);
[[nodiscard]] std::optional<Error> check_ttl(const Capability& capability,
                                             std::optional<std::chrono::milliseconds> ttl);
/// The ttl and the tags of an add.
[[nodiscard]] std::optional<Error> check_options(const Capability& capability,
                                                 const AddOptions& options);
[[nodiscard]] std::optional<Error> check_tag(const Capability& capability, std::string_view tag);
[[nodiscard]] std::optional<Error> check_prefix(std::string_view prefix);

/// The error of a verb or option that the store lacks.
[[nodiscard]] Error not_supported(const Capability& capability, std::string_view what);

}  // namespace semantrix::contract
