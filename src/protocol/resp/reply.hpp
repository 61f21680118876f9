#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>

/// The Redis serialization protocol, versions 2 and 3, without I/O: bytes in, views out.
/// Source: redis.io/docs/latest/develop/reference/protocol-spec.
namespace semantrix::resp {

enum class Type : std::uint8_t {
  simple_string,
  error,
  integer,
  bulk_string,
  array,
  null,  ///< Of RESP3, and both nulls of RESP2.
  boolean,
  real,
  big_number,
  bulk_error,
  verbatim_string,
  map,
  set,
  push,
};

/// One element of a reply. Attributes leave no nodes.
struct Node {
  Type type = Type::null;
  std::uint32_t children = 0;  ///< Direct ones; a map of n pairs has 2n, key before value.
  std::size_t begin = 0;       ///< Of a scalar's text, from the beginning of the reply.
  std::size_t size = 0;        ///< Of the text, in bytes; an aggregate and a null have none.
};

/// One reply, or an element of one with all that it holds: nodes in preorder over the bytes that
/// they came from. A view: valid while those bytes and the parser are left alone. Copying costs
/// nothing; nothing here allocates or throws.
class Reply {
 public:
  class Children;

  /// REQUIRES: `nodes` is one whole element, the root first; `input` is what was parsed.
  Reply(std::string_view input, std::span<const Node> nodes) noexcept
      : input_(input), nodes_(nodes) {}

  [[nodiscard]] const Node& root() const noexcept { return nodes_.front(); }
  [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }
  [[nodiscard]] Type type() const noexcept { return root().type; }

  /// A scalar's bytes; of a verbatim string without its "txt:". Empty for aggregates and nulls.
  [[nodiscard]] std::string_view text(const Node& node) const noexcept {
    return {input_.data() + node.begin, node.size};
  }
  /// The root's.
  [[nodiscard]] std::string_view text() const noexcept { return text(root()); }

  [[nodiscard]] bool is_null() const noexcept { return type() == Type::null; }
  /// Whether the root is a simple or a bulk error.
  [[nodiscard]] bool is_error() const noexcept {
    return type() == Type::error || type() == Type::bulk_error;
  }
  /// Whether the root is text: a simple, bulk or verbatim string.
  [[nodiscard]] bool is_string() const noexcept {
    return type() == Type::simple_string || type() == Type::bulk_string ||
           type() == Type::verbatim_string;
  }
  /// Whether the root is a list of any kind: an array, set or push.
  [[nodiscard]] bool is_list() const noexcept {
    return type() == Type::array || type() == Type::set || type() == Type::push;
  }
  /// The root's number, if it is an integer.
  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;

  /// How many direct children the root has.
  [[nodiscard]] std::size_t size() const noexcept { return root().children; }
  /// The root's direct children in their order. Looking at all costs one step a node.
  [[nodiscard]] Children children() const noexcept;
  /// One of them; walks over those before it. REQUIRES: `index < size()`.
  [[nodiscard]] Reply child(std::size_t index) const noexcept;

 private:
  std::string_view input_;
  std::span<const Node> nodes_;
};

/// A range for `for (const Reply child : reply.children())`.
class Reply::Children {
 public:
  class Iterator {
   public:
    using value_type = Reply;
    using difference_type = std::ptrdiff_t;
    using reference = Reply;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Iterator(std::string_view input, std::span<const Node> rest) noexcept;

    Reply operator*() const noexcept { return {input_, rest_.first(size_)}; }
    Iterator& operator++() noexcept { return *this = Iterator(input_, rest_.subspan(size_)); }
    Iterator operator++(int) noexcept {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& left, const Iterator& right) noexcept {
      return left.rest_.size() == right.rest_.size();
    }

   private:
    std::string_view input_;
    std::span<const Node> rest_;
    std::size_t size_ = 0;  // Nodes of the element that `rest_` begins with.
  };

  Children(std::string_view input, std::span<const Node> nodes) noexcept
      : input_(input), nodes_(nodes) {}
  [[nodiscard]] Iterator begin() const noexcept { return {input_, nodes_}; }
  [[nodiscard]] Iterator end() const noexcept { return {input_, {}}; }

 private:
  std::string_view input_;
  std::span<const Node> nodes_;
};

inline Reply::Children Reply::children() const noexcept { return {input_, nodes_.subspan(1)}; }

}  // namespace semantrix::resp
