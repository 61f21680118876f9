#pragma once

#include "net/read_buffer.hpp"
#include <semantrix/error.hpp>

namespace semantrix::net {

/// What waits for the replies to one request. Belongs to the connection from its submission until
/// `complete`, `fail` or `drop`, one of which is called once and ends the object.
template <class Reply>
class Call {
 public:
  Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  /// One reply, in order; the views end with the call. On the connection's strand.
  virtual void take(const Reply& reply, const ReadBuffer& buffer) = 0;
  /// All replies were taken: hands the answer to the caller, at once if this thread may.
  virtual void complete() = 0;
  /// Hands the error to the caller, never at once: the caller may be in the middle of submitting.
  virtual void fail(Error error) = 0;
  /// Ends the object without a word to the caller, who is gone with the executor.
  virtual void drop() noexcept = 0;

 protected:
  ~Call() = default;
};

}  // namespace semantrix::net
