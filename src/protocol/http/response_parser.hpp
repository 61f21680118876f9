#pragma once

#include "protocol/http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::http {

/// What a response may measure.
struct Limits {
  std::size_t head_bytes = std::size_t{64} * 1024;  ///< Status line and headers; trailers again.
  std::size_t body_bytes = std::size_t{32} * 1024 * 1024;
};

/// Reads one response of HTTP/1.0 or 1.1 from bytes as they arrive (RFC 9112): by its length, in
/// chunks, or up to the end of the connection. Interim responses (1xx) are passed over, trailers
/// too. What two readers could understand in different ways is malformed: lengths that differ,
/// white space before a colon, folded lines, encodings other than "chunked".
class ResponseParser {
 public:
  enum class State : std::uint8_t { need_more, complete, malformed };

  explicit ResponseParser(Limits limits = {}) : limits_(limits) {}

  /// Takes bytes, as many as belong to the response. `taken` says how many.
  State parse(std::string_view bytes, std::size_t& taken);
  /// The connection has ended.
  State end();

  /// Whether a byte of a response has come.
  [[nodiscard]] bool started() const noexcept { return started_; }
  /// REQUIRES: complete.
  [[nodiscard]] Response& response() noexcept { return response_; }
  /// Whether the connection may carry another request. REQUIRES: complete.
  [[nodiscard]] bool keeps_alive() const noexcept { return keeps_alive_; }
  /// What is wrong. REQUIRES: malformed.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }

  /// Ready for the next response.
  void reset();

 private:
  enum class Part : std::uint8_t {
    head,
    sized_body,
    body_to_end,
    chunk_size,
    chunk,
    chunk_end,
    trailer,
    done,
    broken,
  };

  bool line(std::string_view& bytes, std::string_view& found);
  bool take_line(std::string_view line);
  bool take_status(std::string_view line);
  bool take_header(std::string_view line);
  bool take_length(std::string_view value);
  bool take_encoding(std::string_view value);
  bool finish_head();
  bool take_chunk_size(std::string_view line);
  bool take_chunk_end(std::string_view line);
  void take_body(std::string_view& bytes);
  bool refuse(std::string_view why) noexcept;

  Limits limits_;
  Response response_;
  Part part_ = Part::head;
  std::string line_;  // the beginning of one that has not come whole
  std::size_t head_bytes_ = 0;
  std::uint64_t left_ = 0;  // of the body, or of a chunk
  bool started_ = false;
  bool has_length_ = false;
  bool chunked_ = false;
  bool keeps_alive_ = true;
  std::string_view error_;
};

}  // namespace semantrix::http
