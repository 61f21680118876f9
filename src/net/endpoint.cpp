#include "net/endpoint.hpp"

#include "base/quote.hpp"
#include "base/url.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace semantrix::net {
namespace {

Error refuse(std::string_view text, std::string_view why, std::string remedy = {}) {
  return {ErrorCode::invalid_argument,
          "endpoint " + quote(redact_url(text)) + " " + std::string(why), std::move(remedy)};
}

bool blank(char c) noexcept { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

bool is_v6(std::string_view host) {
  boost::system::error_code bad;
  boost::asio::ip::make_address_v6(host, bad);
  return !bad;
}

std::optional<std::uint16_t> port_of(std::string_view digits) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return {};
  return port;
}

/// What is wrong with the text as a whole, before it is taken apart.
std::string_view flaw_of(std::string_view text) noexcept {
  if (text.empty()) return "is empty";
  if (std::any_of(text.begin(), text.end(), blank)) return "contains white space";
  if (text.find("://") != text.npos) return "is a URL, not a host";
  if (text.find('@') != text.npos) return "holds a user name or password";
  if (text.find_first_of("/?#") != text.npos) return "goes on after its host and port";
  return {};
}

/// Host and, perhaps, the text of a port; an IPv6 host still in its brackets.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text) {
  if (text.find(':') != text.rfind(':') && is_v6(text)) return {text, std::nullopt};
  const auto after_brackets = text.front() == '[' ? text.find(']') : 0;
  const auto colon = text.find(':', after_brackets == text.npos ? 0 : after_brackets);
  if (colon == text.npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

std::string to_string(const Endpoint& endpoint) {
  if (endpoint.port == 0) return endpoint.host;
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  // Appended piece by piece: of a text put before another GCC 12 warns that they may overlap.
  std::string text = v6 ? "[" : "";
  text.append(endpoint.host).append(v6 ? "]:" : ":").append(std::to_string(endpoint.port));
  return text;
}

Result<Endpoint> parse_endpoint(std::string_view text, std::uint16_t default_port) {
  const auto* const wanted = "give it as host, host:port or [IPv6 address]:port";
  if (const auto flaw = flaw_of(text); !flaw.empty()) return refuse(text, flaw, wanted);
  auto [host, port_text] = split(text);
  if (!host.empty() && host.front() == '[') {
    if (host.back() != ']') return refuse(text, "has stray characters around its brackets", wanted);
    host = host.substr(1, host.size() - 2);
    if (!is_v6(host)) return refuse(text, "has no IPv6 address in its brackets", wanted);
  } else if (text.find_first_of("[]") != text.npos) {
    return refuse(text, "has stray brackets", wanted);
  }
  if (host.empty()) return refuse(text, "has no host", wanted);
  if (!port_text) return Endpoint{std::string(host), default_port};
  if (port_text->find(':') != port_text->npos) {
    return refuse(text, "has too many colons and is no IPv6 address", wanted);
  }
  const auto port = port_of(*port_text);
  if (!port) return refuse(text, "has a port that is not between 1 and 65535");
  return Endpoint{std::string(host), *port};
}

}  // namespace semantrix::net
