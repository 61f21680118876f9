#include "protocol/memcache/reply.hpp"

#include "protocol/memcache/line.hpp"

#include <limits>

namespace semantrix::memcache {

std::optional<std::string_view> Reply::flag(char name) const noexcept {
  std::string_view rest = text_;
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (word.front() == name) return word.substr(1);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Reply::number(char name) const noexcept {
  const std::optional<std::string_view> text = flag(name);
  return text ? parse_number(*text) : std::nullopt;
}

std::optional<std::chrono::seconds> Reply::ttl() const noexcept {
  // Without an end it is "-1", which is no number here.
  const std::optional<std::uint64_t> left = number('t');
  if (!left || *left > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return std::chrono::seconds(*left);
}

std::uint32_t Reply::client_flags() const noexcept {
  if (const auto flags = number('f')) return static_cast<std::uint32_t>(*flags);
  return items_.empty() ? 0 : items_.front().flags;
}

}  // namespace semantrix::memcache
