#include "protocol/resp/redirection.hpp"

#include "protocol/resp/slot.hpp"

#include <charconv>

namespace semantrix::resp {

namespace {

std::optional<std::uint16_t> read_number(std::string_view digits) noexcept {
  std::uint16_t number = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, number);
  if (error != std::errc() || end != last) return std::nullopt;
  return number;
}

}  // namespace

std::optional<Redirection> parse_redirection(std::string_view text) {
  const ErrorKind kind = classify_error(text);
  if (kind != ErrorKind::moved && kind != ErrorKind::ask) return std::nullopt;
  text.remove_prefix(std::min(text.size(), text.find(' ') + 1));
  const std::size_t space = text.find(' ');
  const std::size_t colon = text.rfind(':');
  if (space == std::string_view::npos || colon == std::string_view::npos || colon < space) {
    return std::nullopt;
  }
  const auto slot = read_number(text.substr(0, space));
  const auto port = read_number(text.substr(colon + 1));
  std::string_view host = text.substr(space + 1, colon - space - 1);
  if (!slot || *slot >= slots || !port || *port == 0) return std::nullopt;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.find_first_of(" []") != std::string_view::npos) return std::nullopt;
  return Redirection{*slot, std::string(host), *port};
}

}  // namespace semantrix::resp
