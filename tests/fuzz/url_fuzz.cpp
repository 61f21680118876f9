// Reads arbitrary text as a store URL. Whatever comes of it, a message is one line, and neither it
// nor the redacted URL shows the password.

#include "base/url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace semantrix;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void check(const StoreUrl& url) {
  require(!url.scheme.empty());
  for (const UrlHost& host : url.hosts) require(!host.name.empty() && host.port != 0);
  for (const std::string& segment : url.path) require(!segment.empty());
  require(redact_url(url.redacted) == url.redacted);
  require(!url.password || url.redacted.find("***@") != std::string::npos);
}

/// The text, if it can be one, as the password of a URL that is sound or is not.
void hide(std::string_view text) {
  constexpr std::string_view secret = "hunter2";
  const std::string password = std::string(text.substr(0, text.size() / 2)) + std::string(secret) +
                               std::string(text.substr(text.size() / 2));
  const std::string shown = redact_url("redis://ann:" + password + "@h:1/0?a=b");
  require(shown.find(secret) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Result<StoreUrl> url = parse_url(text);
  if (url) {
    check(*url);
  } else {
    require(is_one_line(url.error().to_string()));
  }
  hide(text);
  return 0;
}
