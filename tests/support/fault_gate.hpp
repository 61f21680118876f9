#pragma once

#include "support/endpoint.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace semantrix::testing {

enum class Direction : std::uint8_t { to_server, to_client };

/// What went through a gate so far. Bytes are counted as they arrive, swallowed ones included.
struct GateCounts {
  std::size_t connections = 0;  ///< Accepted, ever.
  std::size_t open = 0;         ///< Still there.
  std::size_t bytes_to_server = 0;
  std::size_t bytes_to_client = 0;
};

/// A faulty network: clients connect to `endpoint()`, the gate connects to the server behind it
/// and passes bytes on, with the faults that are asked for. Every fault holds for the connections
/// that are there and for later ones, and is in force when the call returns. Thread-safe; works on
/// a thread of its own, which the destructor joins after closing everything. At most 16 KiB a
/// direction and connection are held back; beyond that the sender waits, as with a full network.
class FaultGate {
 public:
  explicit FaultGate(const Endpoint& server);
  ~FaultGate();
  FaultGate(const FaultGate&) = delete;
  FaultGate& operator=(const FaultGate&) = delete;

  /// Where clients connect: a port of 127.0.0.1, the same for the gate's whole life.
  [[nodiscard]] Endpoint endpoint() const;

  /// Ends every fault below for bytes to come. What was swallowed stays lost, so a connection that
  /// lost some is best reset.
  void pass();

  /// Every piece waits so long before it goes on; what arrives meanwhile waits behind it and then
  /// as long again. Zero ends it.
  void delay(Direction direction, std::chrono::milliseconds wait);

  /// Sends pieces of at most `bytes`, each as a packet of its own. The receiver may still find
  /// several in one read. Zero ends it.
  void split(Direction direction, std::size_t bytes = 1);

  /// Swallows what comes in that direction; nobody is told.
  void drop(Direction direction);

  /// Swallows both directions; new connections are accepted and never answered, even later.
  void blackhole();

  /// The connection that carries the last of the next `bytes` in that direction passes them on and
  /// is then closed on both sides. Once.
  void close_after(Direction direction, std::size_t bytes);

  /// Ends the sending half towards that side on every connection: it reads an end of file, while
  /// the other direction still works.
  void half_close(Direction direction);

  /// Closes every connection, on both sides, with an end of file.
  void close_all();

  /// Closes every connection, on both sides, with a reset.
  void reset_all();

  /// Closes the listener: new connections are refused. Those that are there stay.
  void refuse();
  /// Listens again, on the same port.
  void accept_again();

  [[nodiscard]] GateCounts counts() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace semantrix::testing
