#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix {

namespace detail {

/// The reference count in front of every shared byte string. The lowest bit of the count tells how
/// the memory is given back, so that a count costs four bytes and no virtual table.
struct SharedBytes {
  static constexpr std::uint32_t one = 2;      ///< One reference.
  static constexpr std::uint32_t foreign = 1;  ///< Owned by a `ForeignBytes`, not by `malloc`.

  std::atomic<std::uint32_t> references;
};

/// Frees a block whose last reference is gone.
void free_shared(SharedBytes* block) noexcept;

inline void retain(SharedBytes* block) noexcept {
  block->references.fetch_add(SharedBytes::one, std::memory_order_relaxed);
}

inline void release(SharedBytes* block) noexcept {
  // The only reference cannot be copied by anyone else, so it needs no atomic write to end.
  constexpr std::uint32_t last = SharedBytes::one | SharedBytes::foreign;
  if (block->references.load(std::memory_order_acquire) <= last ||
      block->references.fetch_sub(SharedBytes::one, std::memory_order_acq_rel) <= last) {
    free_shared(block);
  }
}

}  // namespace detail

/// An immutable, reference-counted byte string: what a cache holds and hands out.
///
/// A copy costs one atomic increment; a hit in memory copies no bytes. A value stays valid after
/// its entry is evicted and after its store is gone. Any bytes of any length; the default is the
/// empty value. Thread-safe as `std::shared_ptr` is: distinct `Value` objects may share bytes
/// across threads, one object must not be assigned and read at once.
class Value {
 public:
  Value() noexcept = default;

  /// Copies the bytes.
  Value(std::string_view bytes);
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const std::string& bytes) : Value(std::string_view(bytes)) {}
  /// Adopts the string: no copy of its bytes.
  Value(std::string&& bytes);

  /// Wraps part of a block that already carries a count; takes over one reference.
  Value(detail::SharedBytes* block, const char* data, std::size_t size, bool binary) noexcept
      : block_(block), data_(data), size_(size & size_mask), binary_(binary) {}

  Value(const Value& other) noexcept
      : block_(other.block_), data_(other.data_), size_(other.size_), binary_(other.binary_) {
    if (block_ != nullptr) detail::retain(block_);
  }
  Value(Value&& other) noexcept
      : block_(std::exchange(other.block_, nullptr)),
        data_(std::exchange(other.data_, "")),
        size_(other.size_),
        binary_(other.binary_) {
    other.size_ = 0;
  }
  Value& operator=(Value other) noexcept {
    swap(other);
    return *this;
  }
  ~Value() {
    if (block_ != nullptr) detail::release(block_);
  }

  [[nodiscard]] const char* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::string_view view() const noexcept { return {data_, size_}; }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  operator std::string_view() const noexcept { return view(); }

  /// Whether the caller marked the bytes as binary. Stores keep the mark, so that Python's `bytes`
  /// come back as `bytes` even when they happen to be UTF-8. Not part of equality.
  [[nodiscard]] bool binary() const noexcept { return binary_; }
  [[nodiscard]] Value as_binary() && noexcept {
    binary_ = true;
    return std::move(*this);
  }

  friend bool operator==(const Value& left, const Value& right) noexcept {
    return left.view() == right.view();
  }

 private:
  static constexpr std::size_t size_mask = ~std::size_t{0} >> 1U;

  void swap(Value& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(data_, other.data_);
    const std::size_t size = size_;
    size_ = other.size_;
    other.size_ = size & size_mask;
    const bool binary = binary_;
    binary_ = other.binary_;
    other.binary_ = binary;
  }

  detail::SharedBytes* block_ = nullptr;
  const char* data_ = "";
  std::size_t size_ : 63 = 0;
  bool binary_ : 1 = false;
};

}  // namespace semantrix
