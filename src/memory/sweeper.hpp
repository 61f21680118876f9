#pragma once

#include <memory>

namespace semantrix::memory {

class Engine;

/// The process's one background thread for caches: once a second it removes what has expired, so
/// that listeners hear and memory is given back without traffic. Started by the first entry that
/// can expire, never joined. It holds no cache alive.
///
/// Around `fork` it holds every cache still, so that a child never inherits a lock that is taken;
/// the child starts a thread of its own when it needs one.
class Sweeper {
 public:
  /// Every engine is enrolled once, when made, and forgotten when it is gone.
  static void enrol(const std::shared_ptr<Engine>& engine);

  /// An entry that can expire was added: the thread must run. Costs one load when it does.
  static void watch();
};

}  // namespace semantrix::memory
