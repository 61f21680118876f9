#include "protocol/resp/reply.hpp"

#include <charconv>
#include <iterator>

namespace semantrix::resp {

namespace {

/// How many nodes the element at the front has, itself included.
std::size_t element_size(std::span<const Node> nodes) noexcept {
  std::size_t size = 0;
  for (std::size_t open = 1; open > 0; ++size) open += nodes[size].children - std::size_t{1};
  return size;
}

}  // namespace

std::optional<std::int64_t> Reply::integer() const noexcept {
  if (type() != Type::integer) return std::nullopt;
  std::string_view digits = text();
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

Reply Reply::child(std::size_t index) const noexcept {
  auto child = children().begin();
  for (; index > 0; --index) ++child;
  return *child;
}

Reply::Children::Iterator::Iterator(std::string_view input, std::span<const Node> rest) noexcept
    : input_(input), rest_(rest), size_(rest.empty() ? 0 : element_size(rest)) {}

}  // namespace semantrix::resp
