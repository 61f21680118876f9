#pragma once

#include <semantrix/error.hpp>
#include <semantrix/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::layers {

/// Where the generation of a tag lies in the store.
inline constexpr std::string_view tag_keys = "smx#tag:";

[[nodiscard]] inline bool is_tag_key(std::string_view key) noexcept {
  return key.starts_with(tag_keys);
}

/// A value, and of which generations its tags were when it was written, in the order of the tags.
struct TaggedValue {
  Value value;
  std::vector<std::string> tags;
  std::vector<std::string> generations;
};

/// Whether the bytes must be read by `unwrapped`.
[[nodiscard]] bool is_wrapped(const std::optional<Value>& stored) noexcept;

/// The form in which the layer stores it: as it is, wherever that says all.
[[nodiscard]] Value wrapped(TaggedValue tagged);

/// Reads that form back. Errors: `corrupt`, `unsupported_version`.
[[nodiscard]] Result<TaggedValue> unwrapped(Value stored);

}  // namespace semantrix::layers
