#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

/// Commands as the server reads them: arrays of bulk strings, the same in RESP2 and RESP3. All
/// functions append; texts are any bytes and may be empty.
namespace semantrix::resp {

/// "*N\r\n": N bulk strings have to follow.
void append_array_header(std::string& out, std::size_t elements);
/// "$N\r\n": N bytes and "\r\n" have to follow, from wherever they lie.
void append_bulk_header(std::string& out, std::size_t bytes);
void append_bulk(std::string& out, std::string_view text);
/// A number as a bulk string, in decimal digits.
void append_bulk_number(std::string& out, std::int64_t number);

/// A whole command: {"SET", key, value, "PX", "1000"}.
void append_command(std::string& out, std::span<const std::string_view> words);
inline void append_command(std::string& out, std::initializer_list<std::string_view> words) {
  append_command(out, std::span(words.begin(), words.size()));
}

}  // namespace semantrix::resp
