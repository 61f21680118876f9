#pragma once

namespace semantrix::contract {

/// Whether the caller runs on the library's own thread, where waiting for the library never ends.
[[nodiscard]] bool on_library_thread() noexcept;

}  // namespace semantrix::contract
