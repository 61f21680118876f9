#pragma once

#include <semantrix/value.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace semantrix::net {

/// Bytes on their way out: small pieces gathered in one string, large values by reference between
/// them. Not thread-safe. Keeps its memory when it is emptied.
class OutputBuffer {
 public:
  /// Values of at least so many bytes are worth a reference: below, a copy is cheaper than one more
  /// piece in the write.
  static constexpr std::size_t reference_threshold = std::size_t{16} * 1024;

  /// Where to append what is to be written next.
  [[nodiscard]] std::string& text() noexcept { return text_; }

  /// Appends the value's bytes, or the value itself where that saves copying.
  void append(const Value& value);

  [[nodiscard]] std::size_t size() const noexcept {
    return text_.size() - text_consumed_ + referenced_bytes_;
  }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

  /// Fills `pieces` with what comes next; how many were filled.
  [[nodiscard]] std::size_t gather(std::span<boost::asio::const_buffer> pieces) const;

  /// Forgets the first `bytes`. REQUIRES: no more than `size()`.
  void consume(std::size_t bytes);

  void clear() noexcept;

 private:
  struct Reference {
    std::size_t position;  // in text_, where the value's bytes belong
    Value value;
  };

  std::string text_;
  std::vector<Reference> references_;
  std::size_t text_consumed_ = 0;
  std::size_t next_reference_ = 0;
  std::size_t reference_consumed_ = 0;  // of the next one
  std::size_t referenced_bytes_ = 0;    // still to be written
};

}  // namespace semantrix::net
