#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// JSON as the command line prints it: one object a line, fields in a fixed order, bytes that are
/// not UTF-8 in base64.
namespace semantrix::cli {

[[nodiscard]] std::string encode_base64(std::string_view bytes);
/// Standard alphabet, padding required; nothing for any other text.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

/// Appends the text, which must be UTF-8, as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// One JSON object on one line, written field by field.
class JsonLine {
 public:
  JsonLine& text(std::string_view name, std::string_view value);
  JsonLine& number(std::string_view name, std::uint64_t value);
  /// The shortest decimal that reads back the same; what is not finite becomes null.
  JsonLine& number(std::string_view name, double value);
  JsonLine& boolean(std::string_view name, bool value);
  JsonLine& null(std::string_view name);
  /// `value` must be JSON itself.
  JsonLine& raw(std::string_view name, std::string_view value);
  /// Bytes under `name` when they are UTF-8, else in base64 under `name` + "_b64". `binary` asks
  /// for base64 in any case.
  JsonLine& bytes(std::string_view name, std::string_view value, bool binary = false);

  /// The object without an end of line.
  [[nodiscard]] std::string str() const { return "{" + text_ + "}"; }

 private:
  void begin(std::string_view name, std::string_view suffix = "");

  std::string text_;
};

}  // namespace semantrix::cli
