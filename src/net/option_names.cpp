#include <semantrix/network_options.hpp>
#include <semantrix/tls_options.hpp>

#include <algorithm>
#include <array>

namespace semantrix {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char l, char r) { return lower(l) == lower(r); });
}

template <class Enum>
std::optional<Enum> parse(std::string_view name, std::array<Enum, 2> all) noexcept {
  for (const Enum value : all) {
    if (same_name(name, to_string(value))) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(OnError on_error) noexcept {
  return on_error == OnError::miss ? "miss" : "raise";
}

std::optional<OnError> parse_on_error(std::string_view name) noexcept {
  return parse(name, std::array{OnError::raise, OnError::miss});
}

std::string_view to_string(TlsVerification verification) noexcept {
  return verification == TlsVerification::chain_only ? "chain_only" : "full";
}

std::optional<TlsVerification> parse_tls_verification(std::string_view name) noexcept {
  return parse(name, std::array{TlsVerification::full, TlsVerification::chain_only});
}

}  // namespace semantrix
