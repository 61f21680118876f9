#include "protocol/http/message.hpp"

#include <algorithm>
#include <cctype>

namespace semantrix::http {
namespace {

bool same_name(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == b; });
}

bool has_body(const Request& request) noexcept {
  return !request.body.empty() || (request.method != "GET" && request.method != "DELETE");
}

}  // namespace

std::string encode_head(const Request& request, std::string_view host) {
  constexpr std::size_t usual_bytes = 1024;
  std::string head;
  head.reserve(usual_bytes);
  head.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
  const bool names_host =
      std::any_of(request.headers.begin(), request.headers.end(),
                  [](const Header& header) { return same_name(header.name, "host"); });
  if (!names_host) head.append("Host: ").append(host).append("\r\n");
  for (const Header& header : request.headers) {
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  if (has_body(request)) {
    head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  }
  head.append("\r\n");
  return head;
}

}  // namespace semantrix::http
