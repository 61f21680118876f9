#pragma once

#include <string_view>

namespace semantrix {

/// Hears from a store which of its entries may have changed, whoever changed them.
///
/// Called on the store's executor, one call at a time; must not block. The key is as the store's
/// verbs take it. A key may be told more often than it changed.
class InvalidationListener {
 public:
  virtual ~InvalidationListener() = default;

  virtual void on_changed(std::string_view key) noexcept = 0;
  /// Any entry may have changed.
  virtual void on_all_changed() noexcept = 0;
  /// From `true` on every change is told; with `false` changes may be missed. Starts as `false`.
  virtual void on_listening(bool listening) noexcept = 0;
};

}  // namespace semantrix
