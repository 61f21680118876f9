#include "protocol/memcache/wire_key.hpp"

#include "protocol/memcache/digest.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace semantrix::memcache {

namespace {

bool may_stand(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > 0x20 && byte != 0x7f;
}

bool may_stand(std::string_view text) noexcept {
  // Bytes beyond ASCII may; `isgraph` would ask the locale.
  return std::all_of(text.begin(), text.end(), [](char c) { return may_stand(c); });
}

}  // namespace

std::optional<WireKey> WireKey::of(std::string_view text) noexcept {
  if (text.empty() || text.size() > longest || !may_stand(text)) return std::nullopt;
  WireKey key;
  std::copy(text.begin(), text.end(), key.bytes_.begin());
  key.size_ = static_cast<std::uint8_t>(text.size());
  return key;
}

Result<KeyPrefix> KeyPrefix::of(std::string_view prefix) {
  if (prefix.size() > longest) {
    return Error(ErrorCode::invalid_argument, "the key_prefix is too long for Memcached",
                 "choose one of at most " + std::to_string(longest) + " bytes");
  }
  if (!may_stand(prefix)) {
    return Error(ErrorCode::invalid_argument,
                 "the key_prefix has white space or control characters, which Memcached's keys "
                 "may not have",
                 "choose one without them");
  }
  KeyPrefix checked;
  checked.text_ = prefix;
  return checked;
}

WireKey KeyPrefix::key(std::string_view key) const {
  const bool fits = key.size() <= WireKey::longest - text_.size() && !key.empty() &&
                    may_stand(key) && !is_hash(key);
  if (!fits) return hashed(key);
  WireKey wire;
  char* end = std::copy(text_.begin(), text_.end(), wire.bytes_.data());
  end = std::copy(key.begin(), key.end(), end);
  wire.size_ = static_cast<std::uint8_t>(end - wire.bytes_.data());
  return wire;
}

WireKey KeyPrefix::hashed(std::string_view key) const {
  WireKey wire;
  char* end = std::copy(text_.begin(), text_.end(), wire.bytes_.data());
  end = std::copy(hash_mark.begin(), hash_mark.end(), end);
  const std::string digits = base64(sha256(key));
  end = std::copy_n(digits.begin(), digest_digits, end);
  wire.size_ = static_cast<std::uint8_t>(end - wire.bytes_.data());
  wire.hashed_ = true;
  return wire;
}

WireKey KeyPrefix::chunk(std::string_view key, std::uint32_t index) const {
  WireKey wire = hashed(key);
  char* const begin = wire.bytes_.data() + wire.size_;
  *begin = '.';
  const char* const end = std::to_chars(begin + 1, begin + chunk_digits, index).ptr;
  wire.size_ = static_cast<std::uint8_t>(end - wire.bytes_.data());
  return wire;
}

std::optional<std::string_view> KeyPrefix::strip(std::string_view wire_key) const noexcept {
  if (!wire_key.starts_with(text_)) return std::nullopt;
  return wire_key.substr(text_.size());
}

}  // namespace semantrix::memcache
