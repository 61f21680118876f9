#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// The steps that a `ScriptedServer` plays on one connection.
namespace semantrix::testing {

/// Bytes that must arrive, exactly.
struct ExpectBytes {
  std::string bytes;
};
/// Any complete RESP command of that name.
struct ExpectCommand {
  std::string name;
};
/// Answers each RESP command by its name until one of the name `until` arrives, which is taken and
/// not answered; a name that has no answer fails the dialogue. An empty `until` never comes.
struct AnswerUntil {
  std::string until;
  std::map<std::string, std::string> answers;  ///< By upper-case name.
};
struct Send {
  std::string bytes;
};
/// Waits for `ScriptedServer::resume`.
struct Pause {};
/// Closes with an end of file.
struct Close {};
/// Closes with a reset.
struct Reset {};

using Step = std::variant<ExpectBytes, ExpectCommand, AnswerUntil, Send, Pause, Close, Reset>;

/// After its last step the connection stays open and what arrives is recorded, unanswered.
using Dialogue = std::vector<Step>;

/// What a Redis 7 server says to a client's handshake, for `AnswerUntil`: HELLO 3, AUTH, CLIENT,
/// SELECT, READONLY and PING.
std::map<std::string, std::string> redis_handshake();

}  // namespace semantrix::testing
