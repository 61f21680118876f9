#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace semantrix {

/// The valid name that a mistyped one most likely means, or nothing when none is near. Case does
/// not count, nor whether '-' or '_' separates words; a swap of neighbours is one edit.
[[nodiscard]] std::optional<std::string_view> suggest(std::string_view name,
                                                      std::span<const std::string_view> valid);

/// "unknown option 'max_sise'; did you mean 'max_size'?"; when nothing is near, the valid names
/// instead of the question. `kind` is a noun: "option", "eviction policy".
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view name,
                                       std::span<const std::string_view> valid);

}  // namespace semantrix
