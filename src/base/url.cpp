#include "base/url.hpp"

#include "base/quote.hpp"

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/url_view.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace semantrix {
namespace {

namespace urls = boost::urls;

constexpr std::size_t longest_url = 64UL * 1024;

/// Why a URL cannot be read; `parse_url` puts the URL in front.
Error fault(std::string why, std::string remedy = {}) {
  return {ErrorCode::invalid_argument, std::move(why), std::move(remedy)};
}

Error bad_escape() {
  return fault("a '%' is not followed by two hexadecimal digits", "write a percent sign as %25");
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

Result<std::string> decode(std::string_view encoded) {
  const auto view = urls::make_pct_string_view({encoded.data(), encoded.size()});
  if (!view) return bad_escape();
  std::string text = view->decode();
  if (text.find('\0') != std::string::npos) return fault("it carries a zero byte (%00)");
  return text;
}

/// Escapes what a path or a query holds although a URL must not.
std::string escape_illegal(std::string_view text) {
  constexpr std::string_view legal = "-._~!$&'()*+,;=:@/?%";
  std::string escaped;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || legal.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

Result<std::string> parse_scheme(std::string_view scheme) {
  const auto legal = [](char c) { return is_letter(c) || is_digit(c) || std::strchr("+-.", c); };
  if (scheme.empty() || !is_letter(scheme.front()) ||
      !std::all_of(scheme.begin(), scheme.end(), legal)) {
    return fault("its scheme is malformed", "begin with a scheme and ://, e.g. memory://");
  }
  std::string lower(scheme);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return lower;
}

Result<UrlHost> parse_host(std::string_view text) {
  const auto authority = urls::parse_authority({text.data(), text.size()});
  if (!authority || authority->host().empty()) {
    return fault("a host or its port is malformed",
                 "write host:port, IPv6 addresses in brackets, and percent-encode the password");
  }
  UrlHost host{authority->host_address(), std::nullopt};
  if (host.name.find('\0') != std::string::npos) return fault("a host holds a zero byte");
  if (!authority->has_port() || authority->port().empty()) return host;
  const std::string_view digits(authority->port().data(), authority->port().size());
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [rest, failed] = std::from_chars(digits.data(), end, port);
  if (failed != std::errc() || rest != end || port == 0) {
    return fault("a port is not between 1 and 65535");
  }
  host.port = port;
  return host;
}

Result<void> parse_authority(std::string_view authority, StoreUrl& url) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view userinfo = authority.substr(0, at);
    const std::size_t colon = userinfo.find(':');
    Result<std::string> user = decode(userinfo.substr(0, colon));
    if (!user) return user.error();
    if (!user->empty()) url.user = std::move(*user);
    if (colon != std::string_view::npos) {
      Result<std::string> password = decode(userinfo.substr(colon + 1));
      if (!password) return password.error();
      url.password = std::move(*password);
    }
  }
  std::string_view hosts = authority.substr(at + 1);  // npos + 1 == 0
  while (!hosts.empty()) {
    const std::size_t comma = std::min(hosts.find(','), hosts.size());
    Result<UrlHost> host = parse_host(hosts.substr(0, comma));
    if (!host) return host.error();
    url.hosts.push_back(std::move(*host));
    if (comma + 1 == hosts.size()) return fault("its list of hosts ends in a comma");
    hosts.remove_prefix(std::min(comma + 1, hosts.size()));
  }
  return {};
}

Result<void> parse_path_and_query(std::string_view text, StoreUrl& url) {
  const std::string legal = "s://h" + escape_illegal(text);
  const auto parsed = urls::parse_uri(legal);
  if (!parsed) return bad_escape();
  for (const urls::pct_string_view segment : parsed->encoded_segments()) {
    if (segment.empty()) continue;
    Result<std::string> decoded = decode({segment.data(), segment.size()});
    if (!decoded) return decoded.error();
    url.path.push_back(std::move(*decoded));
  }
  for (const urls::param_pct_view parameter : parsed->encoded_params()) {
    if (parameter.key.empty() && !parameter.has_value) continue;
    Result<std::string> name = decode({parameter.key.data(), parameter.key.size()});
    if (!name) return name.error();
    Result<std::string> value = decode({parameter.value.data(), parameter.value.size()});
    if (!value) return value.error();
    UrlParameter& added = url.parameters.emplace_back();
    added.name = std::move(*name);
    if (parameter.has_value) added.value = std::move(*value);
  }
  return {};
}

/// Whether an "@" follows the hosts where only a password that was not percent-encoded puts one: in
/// the path, or in the name of a parameter.
bool has_stray_at(std::string_view path_and_query) {
  const std::size_t query = std::min(path_and_query.find('?'), path_and_query.size());
  if (path_and_query.substr(0, query).find('@') != std::string_view::npos) return true;
  bool in_name = true;
  for (const char c : path_and_query.substr(query)) {
    if (c == '@' && in_name) return true;
    if (c == '=') in_name = false;
    if (c == '&') in_name = true;
  }
  return false;
}

Result<StoreUrl> parse(std::string_view text) {
  if (text.empty()) return fault("it is empty", "begin with a scheme and ://, e.g. memory://");
  if (std::any_of(text.begin(), text.end(), is_control)) {
    return fault("it holds a control character");
  }
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos) {
    return fault("it has no scheme", "begin with a scheme and ://, e.g. memory://");
  }
  StoreUrl url;
  Result<std::string> scheme = parse_scheme(text.substr(0, separator));
  if (!scheme) return scheme.error();
  url.scheme = std::move(*scheme);
  const std::string_view rest = text.substr(separator + 3);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  if (has_stray_at(rest.substr(end))) {
    return fault("an '@' stands after the hosts", "percent-encode the password, and @ as %40");
  }
  if (rest.find('#') != std::string_view::npos) {
    return fault("it has a fragment", "write a number sign as %23");
  }
  if (auto read = parse_authority(rest.substr(0, end), url); !read) return read.error();
  if (auto read = parse_path_and_query(rest.substr(end), url); !read) return read.error();
  return url;
}

}  // namespace

Result<StoreUrl> parse_url(std::string_view text) {
  if (text.size() > longest_url) {
    return Error(ErrorCode::invalid_argument,
                 fmt::format("store URL is longer than {} bytes", longest_url));
  }
  std::string redacted = redact_url(text);
  Result<StoreUrl> url = parse(text);
  if (!url) {
    return Error(
        ErrorCode::invalid_argument,
        fmt::format("store URL {} cannot be read: {}", quote(redacted), url.error().message()),
        url.error().remedy());
  }
  url->redacted = std::move(redacted);
  return std::move(*url);
}

}  // namespace semantrix
