#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace semantrix::aws {

/// Names in lower case. The value of a setting with settings of its own is their lines.
using Settings = std::map<std::string, std::string, std::less<>>;

/// Which of the two files a text is: they name profiles differently.
enum class ProfileFile : std::uint8_t {
  config,       ///< "[default]", "[profile dev]", "[sso-session name]", "[services name]".
  credentials,  ///< "[default]", "[dev]".
};

/// What stands in the config and the credentials file.
struct Profiles {
  std::map<std::string, Settings, std::less<>> profiles = {};
  std::map<std::string, Settings, std::less<>> sso_sessions = {};
  std::map<std::string, Settings, std::less<>> services = {};

  /// Null if there is none of that name.
  [[nodiscard]] const Settings* find(std::string_view profile) const noexcept;
};

/// Adds what a file's text says; settings that are there already give way. Sections of other kinds
/// are passed over. Error (`invalid_argument`): the number and kind of the line that cannot be
/// read, never its text.
[[nodiscard]] Result<void> add_profiles(Profiles& profiles, std::string_view text,
                                        ProfileFile file);

/// A setting; empty where there is none. `name` is in lower case.
[[nodiscard]] std::string_view setting(const Settings& settings, std::string_view name) noexcept;

/// The settings in the lines of one that has settings of its own.
[[nodiscard]] Settings nested_settings(std::string_view lines);

}  // namespace semantrix::aws
