// Responses of HTTP. Read whole and in two parts, they must come to the same.
#include "protocol/http/date.hpp"
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
  return 0;
}
