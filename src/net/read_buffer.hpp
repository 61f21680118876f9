#pragma once

#include <semantrix/value.hpp>

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <string_view>

namespace semantrix::net {

/// Bytes that have arrived and are not understood yet, in one block that values may share: a large
/// value leaves without being copied. Not thread-safe.
class ReadBuffer {
 public:
  /// Enough for a hundred answers of ordinary size; what is read at once.
  static constexpr std::size_t ordinary_capacity = std::size_t{64} * 1024;

  ReadBuffer() = default;
  ReadBuffer(const ReadBuffer&) = delete;
  ReadBuffer& operator=(const ReadBuffer&) = delete;
  ~ReadBuffer() { let_go(); }

  [[nodiscard]] std::string_view unread() const noexcept {
    if (block_ == nullptr) return {};
    return {bytes() + begin_, end_ - begin_};
  }

  /// Room behind the unread bytes, so much that `unread()` can grow to `wanted` bytes. Invalidates
  /// `unread()`. However `wanted` grows, each byte is moved a small number of times on average.
  [[nodiscard]] boost::asio::mutable_buffer prepare(std::size_t wanted);

  /// So many bytes of the room hold what has arrived.
  void commit(std::size_t arrived) noexcept { end_ += arrived; }

  /// Forgets the first unread bytes.
  void consume(std::size_t read) noexcept { begin_ += read; }

  /// A part of `unread()` as a value: shares the block if the part is most of it, else copies.
  [[nodiscard]] Value share(std::string_view part) const;

  void clear() noexcept { begin_ = end_ = 0; }

 private:
  [[nodiscard]] char* bytes() const noexcept { return reinterpret_cast<char*>(block_ + 1); }
  [[nodiscard]] bool shared() const noexcept {
    return block_->references.load(std::memory_order_acquire) != detail::SharedBytes::one;
  }
  void move_to(detail::SharedBytes* block, std::size_t capacity) noexcept;
  void let_go() noexcept {
    if (block_ != nullptr) detail::release(block_);
  }

  detail::SharedBytes* block_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace semantrix::net
