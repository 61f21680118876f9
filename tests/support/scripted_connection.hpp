#pragma once

#include "support/dialogue.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

namespace semantrix::testing {

/// What a scripted server's thread and the test's threads both see.
struct ScriptState {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> received;  ///< By connection.
  std::size_t paused = 0;             ///< Dialogues at a pause now.
  std::size_t resumes = 0;            ///< Not yet used.
  std::size_t ended = 0;
  std::string failure;
};

/// One connection and its dialogue. One thread's.
class ScriptedConnection {
 public:
  ScriptedConnection(boost::asio::ip::tcp::socket socket, ScriptState& state);

  /// Plays to the end, then records until the client leaves.
  boost::asio::awaitable<void> play(Dialogue dialogue);

  void close();
  void reset();

 private:
  boost::asio::awaitable<void> play_steps(Dialogue dialogue);
  boost::asio::awaitable<void> step(ExpectBytes wanted);
  boost::asio::awaitable<void> step(ExpectCommand wanted);
  boost::asio::awaitable<void> step(AnswerUntil wanted);
  boost::asio::awaitable<void> step(Send sent);
  boost::asio::awaitable<void> step(Pause pause);
  boost::asio::awaitable<void> step(Close close);
  boost::asio::awaitable<void> step(Reset reset);

  boost::asio::awaitable<std::vector<std::string>> next_command();
  boost::asio::awaitable<void> read_more();

  boost::asio::ip::tcp::socket socket_;
  ScriptState& state_;
  std::size_t number_ = 0;
  std::string unread_;
  // Not in a coroutine's frame: GCC 12 warns of how large ones are freed.
  std::array<char, 16384> buffer_{};
};

}  // namespace semantrix::testing
