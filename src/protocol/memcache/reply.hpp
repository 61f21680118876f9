#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// The text protocol of Memcached without I/O, in both of its dialects: bytes in, views out.
/// Source: doc/protocol.txt of memcached.
namespace semantrix::memcache {

/// What a reply says, whichever dialect says it.
enum class Kind : std::uint8_t {
  values,         ///< VA, or VALUE … END: one value or several.
  miss,           ///< EN, or END alone (also: no statistics).
  done,           ///< HD; STORED, DELETED, TOUCHED, OK, RESET.
  not_found,      ///< NF, NOT_FOUND: there is nothing to delete or touch.
  not_stored,     ///< NS, NOT_STORED: an add found something, a replace nothing.
  exists,         ///< EX, EXISTS: somebody else changed it in between.
  no_op,          ///< MN: all before it is answered.
  debug,          ///< ME key…
  version,        ///< VERSION text.
  statistics,     ///< STAT name text … END.
  configuration,  ///< CONFIG name flags size, a payload, END.
  error,          ///< See `error_reply.hpp`.
};

/// A value with what the classic dialect says of it; a statistic; a configuration's payload.
struct Item {
  std::size_t key_begin = 0;  ///< From the beginning of the reply. A meta value has no key here.
  std::size_t key_size = 0;
  std::size_t begin = 0;  ///< Of the value.
  std::size_t size = 0;
  std::uint32_t flags = 0;  ///< The client's own.
};

/// The whole answer to one request. A view: valid while the bytes that it came from and the parser
/// are left alone. Copying costs nothing; nothing here allocates or throws.
class Reply {
 public:
  /// REQUIRES: `text` and `items` are parts of `input`, which is what was parsed.
  Reply(std::string_view input, Kind kind, std::string_view text,
        std::span<const Item> items) noexcept
      : input_(input), text_(text), items_(items), kind_(kind) {}

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] bool is_error() const noexcept { return kind_ == Kind::error; }
  /// Whether the request found nothing: a miss, of a get or of anything else.
  [[nodiscard]] bool is_absent() const noexcept {
    return kind_ == Kind::miss || kind_ == Kind::not_found;
  }

  /// Of an error the whole line; of `version` and `debug` what follows the word; of meta replies
  /// the flags; else empty.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  /// Values, statistics, or the one payload of a configuration, in the server's order.
  [[nodiscard]] std::span<const Item> items() const noexcept { return items_; }
  [[nodiscard]] std::string_view value(const Item& item) const noexcept {
    return {input_.data() + item.begin, item.size};
  }
  /// The first one's. REQUIRES: there is one, as in every reply that is `values`.
  [[nodiscard]] std::string_view value() const noexcept { return value(items_.front()); }
  /// The key of a classic value, the name of a statistic or configuration.
  [[nodiscard]] std::string_view key(const Item& item) const noexcept {
    return {input_.data() + item.key_begin, item.key_size};
  }

  /// What follows a flag of a meta reply, "30" of "t30"; nothing if the reply lacks it. Looks at
  /// all flags before it.
  [[nodiscard]] std::optional<std::string_view> flag(char name) const noexcept;
  /// The flag's number; nothing also if it is none.
  [[nodiscard]] std::optional<std::uint64_t> number(char name) const noexcept;

  /// 't': what is left, in the server's whole seconds. Nothing: no end, or not asked for.
  [[nodiscard]] std::optional<std::chrono::seconds> ttl() const noexcept;
  /// 'f', or the flags of a classic value: the first one's.
  [[nodiscard]] std::uint32_t client_flags() const noexcept;
  /// 'O', the number that the request had.
  [[nodiscard]] std::optional<std::uint64_t> opaque() const noexcept { return number('O'); }

 private:
  std::string_view input_;
  std::string_view text_;
  std::span<const Item> items_;
  Kind kind_;
};

}  // namespace semantrix::memcache
