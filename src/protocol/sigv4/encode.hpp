#pragma once

#include <chrono>
#include <string>
#include <string_view>

/// How Signature Version 4 writes bytes and times.
namespace semantrix::sigv4 {

/// Appends the text with every byte but A-Z a-z 0-9 - . _ ~ as %XX, upper case.
void append_encoded(std::string& out, std::string_view text);
[[nodiscard]] std::string encoded(std::string_view text);

/// The same, but a slash stays a slash.
[[nodiscard]] std::string encoded_path(std::string_view path);

/// Undoes %XX. A % that no two hexadecimal digits follow, and +, stay what they are.
[[nodiscard]] std::string decoded(std::string_view text);

/// "20150830T123600Z". Years 0 to 9999.
[[nodiscard]] std::string timestamp(std::chrono::sys_seconds time);

/// In lower case, as far as ASCII goes.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace semantrix::sigv4
