#pragma once

#include "support/dialogue.hpp"
#include "support/endpoint.hpp"
#include "support/resp_command.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::testing {

/// A server that plays what it is told, for answers that no real server gives. The first connection
/// gets the first dialogue, the second the second, and so on; all later ones get the last. What
/// does not fit a dialogue closes its connection and is told by `failure()`. Thread-safe; works on
/// a thread of its own, which the destructor joins after closing everything.
///
///   ScriptedServer server({{ExpectCommand{"GET"}, Send{"$5\r\nhal"}, Close{}}});
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Dialogue> dialogues);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  /// Where it listens: a port of 127.0.0.1.
  [[nodiscard]] Endpoint endpoint() const;

  /// Lets one `Pause` go on, now or when it is reached.
  void resume();

  /// Wait for something that a dialogue reaches; throw std::runtime_error if it takes longer.
  void wait_until_paused(std::chrono::milliseconds longest = std::chrono::seconds(10));
  /// Until so many dialogues have ended (each connection is one): played, failed, or left.
  void wait_until_ended(std::size_t dialogues = 1,
                        std::chrono::milliseconds longest = std::chrono::seconds(10));

  /// All bytes that arrived on a connection, 0 being the first.
  [[nodiscard]] std::string received(std::size_t connection = 0) const;
  /// The complete RESP commands at the front of those bytes.
  [[nodiscard]] std::vector<RespCommand> commands(std::size_t connection = 0) const;
  [[nodiscard]] std::size_t connections() const;

  /// The first thing that did not fit a dialogue; empty if all did.
  [[nodiscard]] std::string failure() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace semantrix::testing
