#include "protocol/sigv4/canonical.hpp"

#include "protocol/sigv4/encode.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace semantrix::sigv4 {
namespace {

constexpr auto unsigned_headers =
    std::to_array<std::string_view>({"authorization", "connection", "expect", "transfer-encoding",
                                     "user-agent", "x-amzn-trace-id"});

constexpr bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Without white space around it, and one space for each run of it within.
std::string squeezed(std::string_view value) {
  std::string out;
  bool space = false;
  for (const char c : value) {
    if (is_space(c)) {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string normalized(std::string_view path) {
  std::vector<std::string_view> kept;
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") {
      if (!kept.empty()) kept.pop_back();
    } else if (!part.empty() && part != ".") {
      kept.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : kept) out.append("/").append(part);
  if (out.empty() || path.back() == '/') out += '/';
  return out;
}

}  // namespace

CanonicalHeaders canonical_headers(std::span<const Header> headers) {
  CanonicalHeaders all;
  all.reserve(headers.size());
  for (const Header& header : headers) {
    std::string name = lower_case(header.name);
    const bool left_out =
        std::find(unsigned_headers.begin(), unsigned_headers.end(), name) != unsigned_headers.end();
    if (!left_out) all.emplace_back(std::move(name), squeezed(header.value));
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  CanonicalHeaders joined;
  joined.reserve(all.size());
  for (auto& header : all) {
    if (!joined.empty() && joined.back().first == header.first) {
      joined.back().second.append(",").append(header.second);
    } else {
      joined.push_back(std::move(header));
    }
  }
  return joined;
}

std::string signed_header_names(const CanonicalHeaders& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

std::string canonical_path(std::string_view path, const Dialect& dialect) {
  if (path.empty()) return "/";
  return encoded_path(dialect.normalize_path ? normalized(path) : path);
}

std::string canonical_query(std::string_view query) {
  if (query.empty()) return {};
  std::vector<std::pair<std::string, std::string>> parameters;
  for (const std::string_view part : split(query, '&')) {
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const bool has_value = equals != std::string_view::npos;
    const std::string_view value = has_value ? part.substr(equals + 1) : std::string_view();
    parameters.emplace_back(encoded(decoded(part.substr(0, equals))), encoded(decoded(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string out;
  for (const auto& [name, value] : parameters) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

std::string canonical_request(const Request& request, std::string_view query,
                              const CanonicalHeaders& headers, const Dialect& dialect) {
  std::string out;
  out.append(request.method).append("\n");
  out.append(canonical_path(request.path, dialect)).append("\n");
  out.append(canonical_query(query)).append("\n");
  for (const auto& [name, value] : headers) {
    out.append(name).append(":").append(value).append("\n");
  }
  out.append("\n").append(signed_header_names(headers)).append("\n");
  return out.append(request.body_hash);
}

}  // namespace semantrix::sigv4
