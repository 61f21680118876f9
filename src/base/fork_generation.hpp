#pragma once

#include <cstdint>

namespace semantrix {

/// How many times this process is the child of a `fork`, counted from where the library was loaded.
/// What holds sockets compares it with when they were opened: a parent's are not the child's to
/// use. One relaxed load.
[[nodiscard]] std::uint32_t fork_generation() noexcept;

}  // namespace semantrix
