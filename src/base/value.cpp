#include <semantrix/value.hpp>

#include <cstring>
#include <new>

namespace semantrix {
namespace detail {
namespace {

/// A string that a `Value` adopted, behind the count that all shared bytes begin with.
struct ForeignBytes final : SharedBytes {
  explicit ForeignBytes(std::string&& adopted) noexcept
      : SharedBytes{one | foreign}, bytes(std::move(adopted)) {}

  std::string bytes;
};

}  // namespace

void free_shared(SharedBytes* block) noexcept {
  if ((block->references.load(std::memory_order_relaxed) & SharedBytes::foreign) != 0) {
    delete static_cast<ForeignBytes*>(block);
  } else {
    std::free(block);
  }
}

}  // namespace detail

Value::Value(std::string_view bytes) {
  if (bytes.empty()) return;
  void* memory = std::malloc(sizeof(detail::SharedBytes) + bytes.size());
  if (memory == nullptr) throw std::bad_alloc();
  block_ = ::new (memory) detail::SharedBytes{detail::SharedBytes::one};
  char* data = static_cast<char*>(memory) + sizeof(detail::SharedBytes);
  std::memcpy(data, bytes.data(), bytes.size());
  data_ = data;
  size_ = bytes.size() & size_mask;
}

Value::Value(std::string&& bytes) {
  // A string this short keeps its bytes within itself: a copy is the smaller block.
  static const std::size_t inline_capacity = std::string().capacity();
  if (bytes.size() <= inline_capacity) {
    *this = Value(std::string_view(bytes));
    return;
  }
  auto* holder = new detail::ForeignBytes(std::move(bytes));
  block_ = holder;
  data_ = holder->bytes.data();
  size_ = holder->bytes.size() & size_mask;
}

}  // namespace semantrix
