#pragma once

#include <semantrix/error.hpp>
#include <semantrix/network_options.hpp>

#include <chrono>

namespace semantrix::net {

/// Error (`invalid_argument`): the first option that cannot be, by its name, and what it may be.
[[nodiscard]] Result<void> check(const NetworkOptions& options);

/// The deadline of one call: the option, or what its absence stands for. Of checked options.
[[nodiscard]] std::chrono::milliseconds effective_deadline(const NetworkOptions& options) noexcept;

}  // namespace semantrix::net
