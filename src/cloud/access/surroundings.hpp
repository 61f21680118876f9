#pragma once

#include "cloud/access/transport.hpp"
#include <semantrix/clock.hpp>
#include <semantrix/error.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What providers of credentials see of the world. Nothing else of theirs reads variables, files or
/// clocks, so that tests can put them anywhere.
namespace semantrix::cloud {

struct Surroundings {
  /// A variable of the environment; empty where it is not set. Blanks around it are dropped.
  std::function<std::string(std::string_view name)> variable = {};
  /// A small text file; nothing where there is none. Error (`io_error`): it cannot be read, or has
  /// more than 1 MiB. Blocks.
  std::function<Result<std::optional<std::string>>(const std::string& path)> file = {};
  std::shared_ptr<Transport> transport = nullptr;
  std::shared_ptr<const Clock> clock = system_clock();
};

using SharedSurroundings = std::shared_ptr<const Surroundings>;

/// Those of this process. AWS_CA_BUNDLE, if set, names the authorities to trust.
[[nodiscard]] SharedSurroundings process_surroundings();

/// The path with a leading "~/" replaced by HOME.
[[nodiscard]] std::string expand_home(const Surroundings& surroundings, std::string_view path);

/// The wall clock in whole seconds.
[[nodiscard]] std::chrono::sys_seconds wall_seconds(const Surroundings& surroundings);

}  // namespace semantrix::cloud
