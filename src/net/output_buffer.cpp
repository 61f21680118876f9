#include "net/output_buffer.hpp"

#include <algorithm>

namespace semantrix::net {

void OutputBuffer::append(const Value& value) {
  if (value.size() < reference_threshold) {
    text_.append(value.view());
    return;
  }
  references_.push_back({text_.size(), value});
  referenced_bytes_ += value.size();
}

std::size_t OutputBuffer::gather(std::span<boost::asio::const_buffer> pieces) const {
  std::size_t filled = 0;
  std::size_t at = text_consumed_;
  std::size_t skipped = reference_consumed_;
  std::size_t reference = next_reference_;
  while (filled != pieces.size()) {
    const bool more = reference != references_.size();
    const std::size_t end = more ? references_[reference].position : text_.size();
    if (at != end) {
      pieces[filled++] = boost::asio::buffer(text_.data() + at, end - at);
      at = end;
    } else if (more) {
      const std::string_view bytes = references_[reference++].value.view().substr(skipped);
      pieces[filled++] = boost::asio::buffer(bytes.data(), bytes.size());
      skipped = 0;
    } else {
      break;
    }
  }
  return filled;
}

void OutputBuffer::consume(std::size_t bytes) {
  while (bytes != 0) {
    const bool more = next_reference_ != references_.size();
    const std::size_t end = more ? references_[next_reference_].position : text_.size();
    const std::size_t of_text = std::min(bytes, end - text_consumed_);
    text_consumed_ += of_text;
    bytes -= of_text;
    if (bytes == 0 || !more) break;
    const std::size_t left = references_[next_reference_].value.size() - reference_consumed_;
    const std::size_t of_value = std::min(bytes, left);
    reference_consumed_ += of_value;
    referenced_bytes_ -= of_value;
    bytes -= of_value;
    if (of_value == left) {
      references_[next_reference_++].value = Value();
      reference_consumed_ = 0;
    }
  }
  if (empty()) clear();
}

void OutputBuffer::clear() noexcept {
  text_.clear();
  references_.clear();
  text_consumed_ = 0;
  next_reference_ = 0;
  reference_consumed_ = 0;
  referenced_bytes_ = 0;
}

}  // namespace semantrix::net
