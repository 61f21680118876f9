#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Requests and responses of HTTP/1.1.
namespace semantrix::http {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method = "GET";
  std::string target = "/";  ///< Path and query, encoded as they are sent.
  /// Beside Host, Content-Length and Connection, which the client writes itself. A Host given here
  /// replaces the client's: what is signed must be what is sent.
  std::vector<Header> headers = {};
  std::string body = {};
};

struct Response {
  int status = 0;
  std::vector<Header> headers = {};  ///< Names in lower case, values trimmed, as they came.
  std::string body = {};

  /// The first header of that name, which is in lower case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    for (const Header& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
};

/// The head of a request, up to and with its blank line.
[[nodiscard]] std::string encode_head(const Request& request, std::string_view host);

}  // namespace semantrix::http
