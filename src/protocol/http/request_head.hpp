#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::http {

/// The head of a request, as a server reads it.
struct RequestHead {
  int status = 200;         ///< Else the status that refuses it; the rest is empty then.
  std::string method = {};  ///< "GET"
  std::string path = {};    ///< Without its query.
};

/// Reads the head at the beginning of what has come, of at most `most` bytes; nothing while its end
/// has not. Strict (RFC 9112): lines end in CR LF, names of headers are tokens, HTTP/1.1 names one
/// host, control characters are refused where they stand, so that a client of another protocol is
/// not waited for. Refusals: 400, 431 (too long), 505 (another version).
[[nodiscard]] std::optional<RequestHead> read_request_head(std::string_view bytes,
                                                           std::size_t most);

}  // namespace semantrix::http
