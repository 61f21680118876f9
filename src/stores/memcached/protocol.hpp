#pragma once

#include "protocol/memcache/error_reply.hpp"
#include "protocol/memcache/parser.hpp"
#include "protocol/memcache/reply.hpp"

namespace semantrix::memcached {

/// The Memcached protocol, for `net::Connection`.
struct Protocol {
  using Parser = memcache::Parser;
  using Reply = memcache::Reply;

  /// The server says nothing unasked.
  static bool is_push(const Reply& /*reply*/) noexcept { return false; }
  /// Whether requests and replies may be out of step behind it.
  static bool ends_connection(const Reply& reply) noexcept {
    return reply.is_error() && memcache::ends_connection(memcache::classify_error(reply.text()));
  }
};

}  // namespace semantrix::memcached
