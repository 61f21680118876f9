#pragma once

#include "net/output_buffer.hpp"
#include "net/read_buffer.hpp"
#include "protocol/resp/reply.hpp"
#include <semantrix/error.hpp>

#include <utility>

/// A cluster that moves a slot sends single commands to its new server, which takes them behind
/// ASKING alone.
namespace semantrix::redis {

/// Where the commands of a call are written to.
class Commands {
 public:
  Commands(net::OutputBuffer& out, bool asking) noexcept : out_(out), asking_(asking) {}

  /// Begins a command, each of which gives one reply.
  net::OutputBuffer& next() {
    if (asking_) out_.text().append("*1\r\n$6\r\nASKING\r\n");
    return out_;
  }

 private:
  net::OutputBuffer& out_;
  const bool asking_;
};

/// A decoder that does not see the replies to ASKING.
template <class Decoder>
class AskingDecoder {
 public:
  using Answer = typename Decoder::Answer;

  explicit AskingDecoder(bool asking) noexcept : asking_(asking) {}

  void take(const resp::Reply& reply, const net::ReadBuffer& buffer) {
    if (asking_ && std::exchange(is_asking_next_, !is_asking_next_)) return;
    decoder_.take(reply, buffer);
  }
  Result<Answer> answer() { return decoder_.answer(); }

 private:
  Decoder decoder_;
  bool asking_;
  bool is_asking_next_ = true;
};

}  // namespace semantrix::redis
