#include "base/url.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace semantrix {
namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view after_authority = "/?#";

bool is_secret(std::string_view name) {
  constexpr std::array<std::string_view, 6> marks{"pass", "secret", "token", "auth", "pwd", "%"};
  std::string lower(name);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

/// Whether a host ends in a colon and something that is no port: the beginning of a password that
/// holds a "/", say.
bool ends_in_no_port(std::string_view host) {
  const std::size_t bracket = host.rfind(']');
  if (bracket != std::string_view::npos) host.remove_prefix(bracket);
  const std::size_t colon = host.find(':');
  return colon != std::string_view::npos &&
         !std::all_of(host.begin() + static_cast<std::ptrdiff_t>(colon) + 1, host.end(),
                      [](char c) { return c >= '0' && c <= '9'; });
}

bool any_ends_in_no_port(std::string_view hosts) {
  while (!hosts.empty()) {
    const std::size_t end = std::min(hosts.find(','), hosts.size());
    if (ends_in_no_port(hosts.substr(0, end))) return true;
    hosts.remove_prefix(std::min(end + 1, hosts.size()));
  }
  return false;
}

/// "user:password" with the password hidden. Without one, what stands for the user may be the
/// password of somebody who forgot the colon before it.
std::string redact_userinfo(std::string_view userinfo) {
  const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
  if (colon + 1 >= userinfo.size()) return std::string(mask);
  return std::string(userinfo.substr(0, colon + 1)).append(mask);
}

/// "?name=value", or "&name=value", with a secret's value hidden.
std::string redact_parameter(std::string_view parameter) {
  const std::size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string_view name = parameter.substr(0, equals);
  if (name.find('@') != std::string_view::npos) return std::string(1, name.front()).append(mask);
  const bool hide = is_secret(name) || parameter.find('@') != std::string_view::npos;
  if (!hide || equals == parameter.size()) return std::string(parameter);
  return std::string(name).append("=").append(mask);
}

std::string redact_query(std::string_view query) {
  std::string shown;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&', 1), query.size());
    shown += redact_parameter(query.substr(0, end));
    query.remove_prefix(end);
  }
  return shown;
}

/// Of text in which the parts of a URL cannot be told apart: whatever precedes the last "@".
std::string redact_all(std::string_view text, std::size_t from) {
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos && at >= from) {
    const std::size_t query = std::min(text.find('?', at), text.size());
    return std::string(text.substr(0, from))
        .append(mask)
        .append(text.substr(at, query - at))
        .append(redact_query(text.substr(query)));
  }
  const std::size_t colon = text.find(':', from);
  if (colon == std::string_view::npos) return std::string(text);
  return std::string(text.substr(0, colon + 1)).append(mask);
}

}  // namespace

std::string redact_url(std::string_view text) {
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos) {
    return redact_all(text, text.find('@') == std::string_view::npos ? text.size() : 0);
  }
  const std::size_t begin = separator + 3;
  const std::size_t end = std::min(text.find_first_of(after_authority, begin), text.size());
  const std::string_view authority = text.substr(begin, end - begin);
  const std::size_t query = std::min(text.find('?', end), text.size());
  const std::size_t at = authority.rfind('@');
  const std::string_view hosts = authority.substr(at + 1);  // npos + 1 == 0
  // An "@" further on may be the true end of a password that holds a "/", "?" or "#".
  const bool has_colon = authority.find(':') != std::string_view::npos;
  const std::string_view suspect = text.substr(end, has_colon ? text.npos : query - end);
  if (suspect.find('@') != text.npos || any_ends_in_no_port(hosts)) return redact_all(text, begin);
  std::string shown(text.substr(0, begin));
  if (at != std::string_view::npos) shown.append(redact_userinfo(authority.substr(0, at)) + "@");
  return shown.append(hosts)
      .append(text.substr(end, query - end))
      .append(redact_query(text.substr(query)));
}

}  // namespace semantrix
