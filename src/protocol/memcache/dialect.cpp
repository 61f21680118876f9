#include "protocol/memcache/dialect.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <tuple>

namespace semantrix::memcache {

namespace {

constexpr std::array<std::uint32_t, 3> first_meta{1, 6, 10};

}  // namespace

Dialect dialect_of(std::string_view version) noexcept {
  std::array<std::uint32_t, 3> numbers{};
  const char* at = version.data();
  const char* const last = at + version.size();
  for (std::size_t index = 0; index < numbers.size(); ++index) {
    if (index > 0 && (at == last || *at++ != '.')) break;
    const auto [end, error] = std::from_chars(at, last, numbers[index]);
    if (error != std::errc()) break;
    at = end;
  }
  return numbers < first_meta ? Dialect::classic : Dialect::meta;
}

}  // namespace semantrix::memcache
