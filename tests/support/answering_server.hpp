#pragma once

#include "support/endpoint.hpp"
#include "support/resp_command.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace semantrix::testing {

/// A server that answers each RESP command by a function, where a `ScriptedServer` would have to
/// know all ports and the order of all commands beforehand. Thread-safe; works on a thread of its
/// own, which the destructor joins after closing everything.
class AnsweringServer {
 public:
  struct Arrival {
    std::size_t connection;  ///< 0 being the first.
    RespCommand words;
  };
  /// The bytes of the answer, none for silence; nothing closes the connection. Runs on the server's
  /// thread, one call at a time.
  using Answer = std::function<std::optional<std::string>(const Arrival&)>;

  /// Silent until it is told what to answer.
  AnsweringServer();
  ~AnsweringServer();
  AnsweringServer(const AnsweringServer&) = delete;
  AnsweringServer& operator=(const AnsweringServer&) = delete;

  /// Where it listens: a port of 127.0.0.1.
  [[nodiscard]] Endpoint endpoint() const;

  /// In force when the call returns; not from within an answer.
  void answer(Answer answer);

  /// All commands so far, those of one connection in their order.
  [[nodiscard]] std::vector<Arrival> arrivals() const;
  /// How many of that name.
  [[nodiscard]] std::size_t count(std::string_view command) const;
  /// Accepted, ever.
  [[nodiscard]] std::size_t connections() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace semantrix::testing
