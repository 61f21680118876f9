#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace semantrix::dynamodb {

/// Reads JSON (RFC 8259) from front to back without building anything: the caller asks for what it
/// expects, and skips the rest. A text that is no JSON, or not what was asked for, ends the
/// reading: from then on every question is answered false, and `failed` says so.
///
///     if (json.begin_object()) {
///       for (std::string_view name; json.next_member(name);) …
///     }
class JsonReader {
 public:
  /// The text must outlive the reader.
  explicit JsonReader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }

  bool begin_object();
  /// The next member's name, its value following; false at the end of the object.
  bool next_member(std::string_view& name);
  bool begin_array();
  /// Whether another element follows; false at the end of the array.
  bool next_element();

  /// Views hold until the next string is read.
  bool string(std::string_view& text);
  /// A number as it is written.
  bool number(std::string_view& text);
  /// Passes over one value of any kind.
  bool skip();

  /// The first character of the next value; 0 at the end of the text.
  [[nodiscard]] char peek();
  /// Nothing but white space is left.
  [[nodiscard]] bool at_end();

 private:
  void pass_space() noexcept;
  bool take(char expected);
  bool fail() noexcept;
  bool next(char close);
  bool unescape(std::size_t from);
  bool append_escaped(std::size_t& at);
  bool hex(std::size_t& at, unsigned& unit) const noexcept;
  bool skip_word(std::string_view word);
  bool skip_string();

  std::string_view text_;
  std::size_t at_ = 0;
  std::string scratch_;
  bool first_ = false;
  bool failed_ = false;
};

}  // namespace semantrix::dynamodb
