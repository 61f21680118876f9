#include "contract/checks.hpp"

#include "base/duration.hpp"

#include <utility>

namespace semantrix::contract {
namespace {

Error refusal(const Capability& capability, ErrorCode code, std::string message,
              std::string remedy) {
  ErrorInfo info;
  info.code = code;
  info.message = std::move(message);
  info.remedy = std::move(remedy);
  info.store = std::string(capability.store);
  return Error(std::move(info));
}

Error too_large(const Capability& capability, std::string_view what, std::size_t bytes,
                std::size_t limit) {
  std::string message = "the " + std::string(what) + " has " + std::to_string(bytes) +
                        " bytes, the " + std::string(capability.store) + " store takes at most " +
                        std::to_string(limit);
  return refusal(capability, ErrorCode::too_large, std::move(message), "");
}

}  // namespace

Error key_error(const Capability& capability, std::string_view key) {
  if (key.empty()) {
    return refusal(capability, ErrorCode::invalid_argument, "the key is empty",
                   "give a key of at least one byte");
  }
  return too_large(capability, "key", key.size(), capability.max_key_bytes);
}

std::optional<Error> check_key(const Capability& capability, std::string_view key) {
  if (key_fits(capability, key)) return std::nullopt;
  return key_error(capability, key);
}

std::optional<Error> check_keys(const Capability& capability, std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    if (!key_fits(capability, key)) return key_error(capability, key);
  }
  return std::nullopt;
}

std::optional<Error> check_value(const Capability& capability, const Value& value) {
  if (value.size() <= capability.max_value_bytes) return std::nullopt;
  return too_large(capability, "value", value.size(), capability.max_value_bytes);
}

std::optional<Error> check_ttl(const Capability& capability,
                               std::optional<std::chrono::milliseconds> ttl) {
  if (!ttl) return std::nullopt;
  if (!capability.can_ttl) return not_supported(capability, "a ttl");
  if (auto checked = check_duration("ttl", *ttl); !checked) return checked.error();
  return std::nullopt;
}

std::optional<Error> check_options(const Capability& capability, const AddOptions& options) {
  if (!options.tags.empty()) {
    if (!capability.can_tag) return not_supported(capability, "tags");
    for (const std::string_view tag : options.tags) {
      if (tag.empty()) return check_tag(capability, tag);
    }
  }
  return check_ttl(capability, options.ttl);
}

std::optional<Error> check_tag(const Capability& capability, std::string_view tag) {
  if (!capability.can_tag) return not_supported(capability, "tags");
  if (!tag.empty()) return std::nullopt;
  return refusal(capability, ErrorCode::invalid_argument, "a tag is empty",
                 "give tags of at least one byte");
}

std::optional<Error> check_prefix(std::string_view prefix) {
  if (!prefix.empty()) return std::nullopt;
  return Error(ErrorCode::invalid_argument, "the prefix is empty",
               "give a prefix of at least one byte, or clear the store");
}

Error not_supported(const Capability& capability, std::string_view what) {
  return refusal(
      capability, ErrorCode::not_supported,
      "the " + std::string(capability.store) + " store does not support " + std::string(what),
      "see its capability for what it can do");
}

}  // namespace semantrix::contract
