#include "protocol/http/request_head.hpp"

#include <algorithm>

namespace semantrix::http {
namespace {

constexpr std::string_view line_end = "\r\n";

RequestHead refused(int status) { return {.status = status}; }

bool is_token(std::string_view text) noexcept {
  const auto fits = [](char c) {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           marks.find(c) != marks.npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_host(std::string_view name) noexcept {
  constexpr std::string_view host = "host";
  return std::equal(name.begin(), name.end(), host.begin(), host.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

/// Anything below a space but tabs and whole line ends. A CR that is the last may yet be one.
bool has_stray_control(std::string_view bytes) noexcept {
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    if ((c >= 0x20 && c != 0x7F) || c == '\t') continue;
    if (c == '\r' && (i + 1 == bytes.size() || bytes[i + 1] == '\n')) continue;
    if (c == '\n' && i != 0 && bytes[i - 1] == '\r') continue;
    return true;
  }
  return false;
}

std::string_view take_line(std::string_view& bytes) noexcept {
  const std::size_t end = bytes.find(line_end);
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(bytes.size(), line.size() + line_end.size()));
  return line;
}

/// How many hosts the headers name; nothing if one is malformed.
std::optional<std::size_t> count_hosts(std::string_view headers) noexcept {
  std::size_t hosts = 0;
  while (!headers.empty()) {
    const std::string_view line = take_line(headers);
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon))) return std::nullopt;
    if (is_host(line.substr(0, colon))) ++hosts;
  }
  return hosts;
}

RequestHead read_lines(std::string_view head) {
  const std::string_view first = take_line(head);
  const std::size_t space = first.find(' ');
  const std::size_t last = first.rfind(' ');
  if (space == first.npos || space == last) return refused(400);
  const std::string_view method = first.substr(0, space);
  const std::string_view target = first.substr(space + 1, last - space - 1);
  const std::string_view version = first.substr(last + 1);
  if (!is_token(method) || !target.starts_with('/') || target.find(' ') != target.npos) {
    return refused(400);
  }
  if (!version.starts_with("HTTP/")) return refused(400);
  const bool current = version == "HTTP/1.1";
  if (!current && version != "HTTP/1.0") return refused(505);
  const auto hosts = count_hosts(head);
  if (!hosts || *hosts > 1 || (current && *hosts == 0)) return refused(400);
  return {.method = std::string(method), .path = std::string(target.substr(0, target.find('?')))};
}

}  // namespace

std::optional<RequestHead> read_request_head(std::string_view bytes, std::size_t most) {
  const std::size_t end = bytes.find("\r\n\r\n");
  // With the end of its last line; all of it while there is no end.
  const std::string_view head = end == bytes.npos ? bytes : bytes.substr(0, end + line_end.size());
  if (has_stray_control(head)) return refused(400);
  if (head.size() > most) return refused(431);
  if (end == bytes.npos) return std::nullopt;
  return read_lines(head);
}

}  // namespace semantrix::http
