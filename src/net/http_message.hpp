#pragma once

#include <string>
#include <string_view>
#include <vector>

/// Requests and responses of HTTP/1.1, as `HttpClient` takes and gives them.
namespace semantrix::net {

struct HttpHeader {
  std::string name;
  std::string value;
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  ///< Path and query, encoded as they are sent.
  /// Beside Host, Content-Length and Connection, which the client writes itself. A Host given here
  /// replaces the client's: what is signed must be what is sent.
  std::vector<HttpHeader> headers = {};
  std::string body = {};
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers = {};  ///< Names in lower case, values trimmed, as they came.
  std::string body = {};

  /// The first header of that name, which is in lower case; empty if there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept {
    for (const HttpHeader& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
};

}  // namespace semantrix::net
