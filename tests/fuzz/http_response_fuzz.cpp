// Responses of HTTP, and heads of requests. Read whole and in two parts, they must come to the
// same.
#include "protocol/http/date.hpp"
#include "protocol/http/request_head.hpp"
#include "protocol/http/response_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

using semantrix::http::Limits;
using semantrix::http::ResponseParser;

constexpr Limits limits{.head_bytes = 4096, .body_bytes = 65536};

ResponseParser::State parse_in_two(ResponseParser& parser, std::string_view bytes,
                                   std::size_t cut) {
  std::size_t taken = 0;
  const auto state = parser.parse(bytes.substr(0, cut), taken);
  if (state != ResponseParser::State::need_more) return state;
  if (taken != cut) std::abort();
  return parser.parse(bytes.substr(cut), taken);
}

/// What the first half settles, the rest must not change.
void read_head_in_two(std::string_view bytes) {
  const auto half = semantrix::http::read_request_head(bytes.substr(0, bytes.size() / 2), 512);
  const auto whole = semantrix::http::read_request_head(bytes, 512);
  if (half && (!whole || (half->status == 200) != (whole->status == 200))) std::abort();
  if (whole && whole->status == 200 && (whole->method.empty() || !whole->path.starts_with('/'))) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ResponseParser whole(limits);
  std::size_t taken = 0;
  const auto state = whole.parse(bytes, taken);
  if (taken > size) std::abort();
  ResponseParser parts(limits);
  if (parse_in_two(parts, bytes, size / 2) != state) std::abort();
  if (state == ResponseParser::State::complete) {
    if (whole.response().body != parts.response().body) std::abort();
    static_cast<void>(semantrix::http::parse_date(whole.response().header("date")));
  } else {
    static_cast<void>(whole.end());
  }
  read_head_in_two(bytes);
  return 0;
}
