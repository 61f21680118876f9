#pragma once

#include "net/endpoint.hpp"
#include <semantrix/error.hpp>

#include <string>
#include <string_view>

namespace semantrix::cloud {

/// "http://host[:port][/path][?query]" or "https://…".
struct HttpUrl {
  bool tls = false;
  net::Endpoint endpoint = {};  ///< With the scheme's own port where none is named.
  std::string target = "/";     ///< Path and query, as they are sent.
};

/// Error (`invalid_argument`): one sentence with the URL's text, for another scheme, an empty host,
/// a user or a fragment in it, white space or control characters.
[[nodiscard]] Result<HttpUrl> parse_http_url(std::string_view text);

/// Without a port that is the scheme's own, and without a "/" alone.
[[nodiscard]] std::string to_string(const HttpUrl& url);

/// What goes into the Host header, and into a signature.
[[nodiscard]] std::string host_of(const HttpUrl& url);

}  // namespace semantrix::cloud
