#include "net/read_buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace semantrix::net {
namespace {

detail::SharedBytes* new_block(std::size_t capacity) {
  void* memory = std::malloc(sizeof(detail::SharedBytes) + capacity);
  if (memory == nullptr) throw std::bad_alloc();
  return ::new (memory) detail::SharedBytes{detail::SharedBytes::one};
}

}  // namespace

boost::asio::mutable_buffer ReadBuffer::prepare(std::size_t wanted) {
  const std::size_t unread = end_ - begin_;
  const std::size_t least = std::max(wanted, unread + 1);
  const bool full = least > capacity_;
  // One huge answer must not hold its memory for good.
  const bool oversized =
      least <= std::max(capacity_ / 4, ordinary_capacity) && capacity_ > ordinary_capacity;
  if (block_ == nullptr || shared() || full || oversized) {
    std::size_t capacity = std::max(least, ordinary_capacity);
    // The first growth fits its value, which may then share the block; an answer that outgrows that
    // too is many values, and would be moved for each of them if it were not doubled.
    if (full && capacity_ > ordinary_capacity) capacity = std::max(least, unread * 2);
    move_to(new_block(capacity), capacity);
  } else if (begin_ != 0 &&
             (unread == 0 || capacity_ - begin_ < least || end_ > capacity_ / 4 * 3)) {
    std::memmove(bytes(), bytes() + begin_, unread);
    begin_ = 0;
    end_ = unread;
  }
  return boost::asio::buffer(bytes() + end_, capacity_ - end_);
}

Value ReadBuffer::share(std::string_view part) const {
  if (part.size() < ordinary_capacity / 2 || part.size() < capacity_ / 2) return Value(part);
  detail::retain(block_);
  return Value(block_, part.data(), part.size(), false);
}

void ReadBuffer::move_to(detail::SharedBytes* block, std::size_t capacity) noexcept {
  const std::size_t unread = end_ - begin_;
  if (unread != 0) std::memcpy(static_cast<void*>(block + 1), bytes() + begin_, unread);
  let_go();
  block_ = block;
  capacity_ = capacity;
  begin_ = 0;
  end_ = unread;
}

}  // namespace semantrix::net
