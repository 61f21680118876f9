#pragma once

#include "protocol/resp/parser.hpp"
#include "protocol/resp/reply.hpp"

namespace semantrix::redis {

/// The Redis protocol, for `net::Connection`.
struct Protocol {
  using Parser = resp::Parser;
  using Reply = resp::Reply;

  /// Out of band: no answer to a request.
  static bool is_push(const Reply& reply) noexcept { return reply.type() == resp::Type::push; }
};

}  // namespace semantrix::redis
