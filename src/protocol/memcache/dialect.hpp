#pragma once

#include <cstdint>
#include <string_view>

namespace semantrix::memcache {

/// The two sets of commands of the text protocol. Of their answers the parser takes either.
enum class Dialect : std::uint8_t {
  classic,  ///< get, set, delete: every server.
  meta,     ///< mg, ms, md: tells the remaining time, and which request an answer is for.
};

/// By the text of `VERSION`: meta from 1.6.10 on, where its form was settled; classic for what is
/// older or is no version of memcached.
[[nodiscard]] Dialect dialect_of(std::string_view version) noexcept;

}  // namespace semantrix::memcache
