#include "cloud/access/http_url.hpp"

#include "base/quote.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace semantrix::cloud {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

constexpr std::uint16_t own_port(bool tls) noexcept { return tls ? https_port : http_port; }

Error no_url(std::string_view text) {
  return {ErrorCode::invalid_argument, quote(text) + " is no URL of a web service",
          "write http://host:port or https://host"};
}

/// Takes the text off the front, in any case.
bool skip(std::string_view& text, std::string_view prefix) {
  const bool has = text.size() >= prefix.size() &&
                   std::equal(prefix.begin(), prefix.end(), text.begin(), [](char wanted, char c) {
                     return wanted == (c | 0x20) || wanted == c;
                   });
  if (has) text.remove_prefix(prefix.size());
  return has;
}

}  // namespace

Result<HttpUrl> parse_http_url(std::string_view text) {
  HttpUrl url;
  std::string_view rest = text;
  url.tls = skip(rest, "https://");
  if (!url.tls && !skip(rest, "http://")) return no_url(text);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  std::string_view target = rest.substr(host.size());
  const bool printable =
      std::all_of(target.begin(), target.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable || host.find('@') != std::string_view::npos ||
      target.find('#') != std::string_view::npos) {
    return no_url(text);
  }
  auto endpoint = net::parse_endpoint(host, own_port(url.tls));
  if (!endpoint) return no_url(text);
  url.endpoint = *std::move(endpoint);
  if (!target.empty()) url.target = target;
  if (url.target.front() != '/') url.target.insert(0, "/");
  return url;
}

std::string host_of(const HttpUrl& url) {
  const net::Endpoint& at = url.endpoint;
  const bool v6 = at.host.find(':') != std::string::npos;
  std::string text = v6 ? "[" + at.host + "]" : at.host;
  if (at.port != own_port(url.tls)) text += ":" + std::to_string(at.port);
  return text;
}

std::string to_string(const HttpUrl& url) {
  std::string text = url.tls ? "https://" : "http://";
  text += host_of(url);
  if (url.target != "/") text += url.target;
  return text;
}

}  // namespace semantrix::cloud
