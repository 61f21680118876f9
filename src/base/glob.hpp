#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix {

/// A compiled pattern over whole keys, of arbitrary bytes:
///
///     *      any bytes, also none          [a-z]          one byte of the set
///     ?      one byte                      [!a-z] [^a-z]  one byte not of the set
///     \x     x itself
///
/// A `]` right after `[`, `[!` or `[^` belongs to the set; a `[` that nothing closes and a `\` at
/// the end stand for themselves; `[z-a]` is `[a-z]`. Matching allocates nothing and takes at most
/// pattern × text steps. Immutable, hence thread-safe.
class Glob {
 public:
  explicit Glob(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const noexcept;

  /// Whether it is only `*`s, so that callers can leave the matching out.
  [[nodiscard]] bool matches_all() const noexcept { return matches_all_; }
  /// The bytes that every match begins with.
  [[nodiscard]] const std::string& literal_prefix() const noexcept { return literal_prefix_; }

 private:
  using Set = std::bitset<256>;
  struct Token {
    enum class Kind : std::uint8_t { byte, any_byte, any_bytes, set } kind;
    unsigned char byte;   // of Kind::byte
    std::uint32_t index;  // in sets_, of Kind::set
  };

  void compile(std::string_view pattern);
  std::size_t compile_set(std::string_view pattern, std::size_t at);
  [[nodiscard]] bool accepts(const Token& token, char c) const noexcept;

  std::vector<Token> tokens_;
  std::vector<Set> sets_;
  std::string literal_prefix_;
  bool matches_all_ = false;
};

}  // namespace semantrix
