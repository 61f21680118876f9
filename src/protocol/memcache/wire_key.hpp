#pragma once

#include <semantrix/error.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Keys as they stand in a command line. A key that does not fit makes the server take the value
/// behind it for commands, `flush_all` included; so commands take nothing but a `WireKey`, and none
/// can be made of text that does not fit.
namespace semantrix::memcache {

/// 1 to 250 bytes without white space, control and DEL bytes. Holds its text; copying it is cheap
/// and allocates nothing.
class WireKey {
 public:
  static constexpr std::size_t longest = 250;

  /// The text as it is, if it fits.
  [[nodiscard]] static std::optional<WireKey> of(std::string_view text) noexcept;

  [[nodiscard]] std::string_view text() const noexcept { return {bytes_.data(), size_}; }
  /// Whether a hash stands for the key: the whole key belongs into the record, and what is read is
  /// the key's only if its record says so.
  [[nodiscard]] bool is_hashed() const noexcept { return hashed_; }

  friend bool operator==(const WireKey& left, const WireKey& right) noexcept {
    return left.text() == right.text();
  }

 private:
  friend class KeyPrefix;
  WireKey() noexcept = default;

  std::array<char, longest> bytes_;  // The first `size_` of them.
  std::uint8_t size_ = 0;
  bool hashed_ = false;
};

/// A store's `key_prefix`, which every key of it begins with on the wire.
class KeyPrefix {
 public:
  /// Begins, behind the prefix, the hash of a key: 43 digits of base 64 (with + and /) of its
  /// SHA-256 follow. Part of the stored formats.
  static constexpr std::string_view hash_mark = "#sha256:";
  static constexpr std::size_t digest_digits = 43;
  /// Behind the hash of a large value's key: a dot and the number of a chunk.
  static constexpr std::uint32_t most_chunks = 100'000;
  static constexpr std::size_t chunk_digits = 6;
  static constexpr std::size_t longest =
      WireKey::longest - hash_mark.size() - digest_digits - chunk_digits;

  /// None.
  KeyPrefix() noexcept = default;

  /// Error (`invalid_argument`): longer than `longest`, or with a byte that no wire key may have.
  [[nodiscard]] static Result<KeyPrefix> of(std::string_view prefix);

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  /// Prefix and key; or, if these do not fit, or the key itself begins with `hash_mark`, prefix and
  /// hash: two keys never share a wire key but by a collision of SHA-256. The key is any bytes.
  [[nodiscard]] WireKey key(std::string_view key) const;

  /// Where a chunk of the key's value lies, of those behind the first, which lies under the key.
  /// REQUIRES: 0 < `index` < `most_chunks`.
  [[nodiscard]] WireKey chunk(std::string_view key, std::uint32_t index) const;

  /// What stands behind the prefix; nothing for another's key.
  [[nodiscard]] std::optional<std::string_view> strip(std::string_view wire_key) const noexcept;

 private:
  [[nodiscard]] WireKey hashed(std::string_view key) const;

  std::string text_;
};

/// Whether what stands behind a prefix is the hash of a key, which its record tells, or a chunk.
[[nodiscard]] inline bool is_hash(std::string_view stripped) noexcept {
  return stripped.starts_with(KeyPrefix::hash_mark);
}
/// Whether it is a chunk, which is no entry of its own.
[[nodiscard]] inline bool is_chunk(std::string_view stripped) noexcept {
  return is_hash(stripped) &&
         stripped.size() > KeyPrefix::hash_mark.size() + KeyPrefix::digest_digits;
}

}  // namespace semantrix::memcache
