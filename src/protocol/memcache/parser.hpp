#pragma once

#include "protocol/memcache/line.hpp"
#include "protocol/memcache/reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace semantrix::memcache {

/// What a reply may ask of memory before it is refused as malformed. The server's word is never
/// taken for it: a line that announces much allocates nothing.
struct Limits {
  std::size_t value_bytes = std::size_t{1} << 30U;  ///< Of one value; servers allow no more.
  std::size_t line_bytes = std::size_t{8} << 10U;   ///< Without its end; servers write 2 KiB.
  std::size_t items = 1'000'000;                    ///< Values or statistics of one reply.
};

/// Reads one reply after the other, from bytes that arrive in any pieces, in the meta and the
/// classic dialect alike. Everything that answers one request is one reply: all values of a
/// multi-get up to END, all statistics. An error line that ends such a list early is the reply.
///
/// No byte of a value is looked at, no byte of a line more than a fixed number of times. In a
/// steady state nothing is allocated. Not thread-safe.
class Parser {
 public:
  enum class State : std::uint8_t { need_more, complete, malformed };

  explicit Parser(Limits limits = {});

  /// `input` begins where the reply begins. After `need_more` call again with the same bytes and
  /// more behind them; they may have moved in memory. After `complete` the call is for the next
  /// reply. After `malformed` it stays so until `reset`: nothing behind can be trusted.
  State parse(std::string_view input);

  /// After `complete`: bytes of the reply.
  [[nodiscard]] std::size_t consumed() const noexcept { return at_; }
  /// After `complete`, until the next `parse` or `reset`; `input` may have moved.
  [[nodiscard]] Reply reply(std::string_view input) const noexcept {
    return {input, kind_, {input.data() + text_begin_, text_size_}, items_};
  }
  /// After `need_more`: bytes that the input must at least have before parsing gets further. Up to
  /// the end of a value once its size is known.
  [[nodiscard]] std::size_t wanted() const noexcept { return wanted_; }
  /// After `malformed`: why, a fragment of a sentence without any byte of the input.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }

  /// Forgets all of the present reply.
  void reset() noexcept;

 private:
  /// What is expected at `at_`.
  enum class Step : std::uint8_t {
    first_line,
    value_line,
    statistic_line,
    end_line,
    data,
    nothing
  };

  State line(std::string_view input);
  State first_line(std::string_view input, std::string_view line);
  State later_line(std::string_view input, std::string_view line);
  State item_line(std::string_view input, std::string_view rest, Step behind);
  State meta_value(std::string_view input, std::string_view rest);
  State statistic(std::string_view input, std::string_view rest);
  State expect_data(Item item, std::uint64_t size, Step behind);
  State data(std::string_view input);
  State end_with_error(std::string_view input, std::string_view line);
  void keep_text(std::string_view input, std::string_view text) noexcept;
  State fail(std::string_view why) noexcept;

  Limits limits_;
  State state_ = State::need_more;
  Step step_ = Step::first_line;
  Step behind_data_ = Step::nothing;
  Kind kind_ = Kind::error;
  std::size_t at_ = 0;         // Where the present line or value begins.
  std::size_t looked_at_ = 0;  // Up to where an unfinished line has no end.
  std::size_t wanted_ = 1;
  std::size_t text_begin_ = 0;
  std::size_t text_size_ = 0;
  std::vector<Item> items_;
  std::string_view error_;
};

}  // namespace semantrix::memcache
