#pragma once

#include "fault/storm.hpp"
#include "support/fault_gate.hpp"

#include <chrono>
#include <thread>

/// A network that troubles, as TCP's networks do.
namespace semantrix::testing::storm {

/// Begins a fault; whether bytes are lost by it.
inline bool disturb(FaultGate& gate, Random& random) {
  using std::chrono::milliseconds;
  const auto direction = up_to(random, 1) == 0 ? Direction::to_server : Direction::to_client;
  switch (up_to(random, 5)) {
    case 0:
      gate.reset_all();
      return false;
    case 1:
      gate.close_after(direction, 1 + up_to(random, 5'000));
      return false;
    case 2:
      gate.delay(direction, milliseconds(1 + up_to(random, 80)));
      return false;
    case 3:
      gate.split(direction, 20 + up_to(random, 100));
      return false;
    case 4:
      gate.half_close(direction);
      return false;
    default:
      gate.drop(direction);
      return true;
  }
}

/// Faults and calm by turns until `end`: the store must have work to do when the next fault comes,
/// and never be in trouble for so long that it gives the server up.
inline void trouble(FaultGate& gate, Random random, std::chrono::steady_clock::time_point end,
                    std::chrono::milliseconds calm) {
  using std::chrono::milliseconds;
  while (std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(calm + milliseconds(up_to(random, 100)));
    const bool loses = disturb(gate, random);
    std::this_thread::sleep_for(milliseconds(up_to(random, 40)));
    // TCP delivers all bytes or none that follow: a connection that lost some has to end.
    if (loses) gate.reset_all();
    gate.pass();
  }
}

}  // namespace semantrix::testing::storm
