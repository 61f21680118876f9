#include "base/glob.hpp"

#include <algorithm>
#include <utility>

namespace semantrix {

Glob::Glob(std::string_view pattern) {
  compile(pattern);
  matches_all_ = !tokens_.empty();
  bool in_prefix = true;
  for (const Token& token : tokens_) {
    matches_all_ = matches_all_ && token.kind == Token::Kind::any_bytes;
    in_prefix = in_prefix && token.kind == Token::Kind::byte;
    if (in_prefix) literal_prefix_ += static_cast<char>(token.byte);
  }
}

void Glob::compile(std::string_view pattern) {
  using Kind = Token::Kind;
  bool closed = true;  // Once a `[` is not closed, no later one is: do not look again.
  for (std::size_t at = 0; at < pattern.size();) {
    const auto byte = static_cast<unsigned char>(pattern[at]);
    if (byte == '*') {
      if (tokens_.empty() || tokens_.back().kind != Kind::any_bytes) {
        tokens_.push_back({Kind::any_bytes, 0, 0});
      }
      ++at;
    } else if (byte == '?') {
      tokens_.push_back({Kind::any_byte, 0, 0});
      ++at;
    } else if (const std::size_t end = byte == '[' && closed ? compile_set(pattern, at) : 0;
               end != 0) {
      at = end;
    } else {
      if (byte == '[') closed = false;
      if (byte == '\\' && at + 1 < pattern.size()) ++at;
      tokens_.push_back({Kind::byte, static_cast<unsigned char>(pattern[at]), 0});
      ++at;
    }
  }
}

/// Compiles the set that begins at `at`; where it ends, or 0 when it is not closed.
std::size_t Glob::compile_set(std::string_view pattern, std::size_t at) {
  ++at;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  const auto take = [&]() {  // One byte of the set, escaped or not.
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    return static_cast<unsigned char>(pattern[at++]);
  };
  Set set;
  for (bool first = true; at < pattern.size(); first = false) {
    if (pattern[at] == ']' && !first) {
      tokens_.push_back({Token::Kind::set, 0, static_cast<std::uint32_t>(sets_.size())});
      sets_.push_back(negated ? ~set : set);
      return at + 1;
    }
    unsigned char low = take();
    unsigned char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      high = take();
    }
    if (low > high) std::swap(low, high);
    for (unsigned int byte = low; byte <= high; ++byte) set.set(byte);
  }
  return 0;
}

bool Glob::accepts(const Token& token, char c) const noexcept {
  const auto byte = static_cast<unsigned char>(c);
  switch (token.kind) {
    case Token::Kind::byte:
      return token.byte == byte;
    case Token::Kind::any_byte:
      return true;
    case Token::Kind::any_bytes:
      return false;
    case Token::Kind::set:
      return sets_[token.index][byte];
  }
  return false;
}

// Only the last `*` seen is ever reconsidered: whatever an earlier one could still take, the last
// one can take instead. Hence the bound of pattern × text.
bool Glob::matches(std::string_view text) const noexcept {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t token = 0;
  std::size_t at = 0;
  std::size_t after_star = none;  // The token after the last `*`, and
  std::size_t star_end = 0;       // how far in the text that `*` reaches.
  while (at < text.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Token::Kind::any_bytes) {
      after_star = ++token;
      star_end = at;
      if (token == tokens_.size()) return true;
    } else if (token < tokens_.size() && accepts(tokens_[token], text[at])) {
      ++token;
      ++at;
    } else if (after_star != none) {
      token = after_star;
      at = ++star_end;
    } else {
      return false;
    }
  }
  return std::all_of(tokens_.begin() + static_cast<std::ptrdiff_t>(token), tokens_.end(),
                     [](const Token& rest) { return rest.kind == Token::Kind::any_bytes; });
}

}  // namespace semantrix
