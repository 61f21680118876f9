#include "protocol/memcache/parser.hpp"

#include "protocol/memcache/error_reply.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace semantrix::memcache {

namespace {

// More room than this is given back after a reply that needed it.
constexpr std::size_t kept_items = 16'384;

constexpr std::string_view no_reply = "a line begins with no word of the protocol";
constexpr std::string_view no_item = "a value is not announced as it should be";
constexpr std::string_view out_of_place = "a line stands where it does not belong";

/// What follows the first word of a reply.
enum class Form : std::uint8_t { nothing, text, meta_value, value, statistic, configuration };

struct Word {
  std::string_view text;
  Kind kind;
  Form form;
};

// The frequent ones first.
constexpr std::array words{
    Word{"VA", Kind::values, Form::meta_value},
    Word{"EN", Kind::miss, Form::text},
    Word{"HD", Kind::done, Form::text},
    Word{"VALUE", Kind::values, Form::value},
    Word{"END", Kind::miss, Form::nothing},
    Word{"STORED", Kind::done, Form::nothing},
    Word{"NF", Kind::not_found, Form::text},
    Word{"DELETED", Kind::done, Form::nothing},
    Word{"NOT_FOUND", Kind::not_found, Form::nothing},
    Word{"MN", Kind::no_op, Form::text},
    Word{"TOUCHED", Kind::done, Form::nothing},
    Word{"NS", Kind::not_stored, Form::text},
    Word{"NOT_STORED", Kind::not_stored, Form::nothing},
    Word{"EX", Kind::exists, Form::text},
    Word{"EXISTS", Kind::exists, Form::nothing},
    Word{"OK", Kind::done, Form::nothing},
    Word{"RESET", Kind::done, Form::nothing},
    Word{"VERSION", Kind::version, Form::text},
    Word{"STAT", Kind::statistics, Form::statistic},
    Word{"CONFIG", Kind::configuration, Form::configuration},
    Word{"ME", Kind::debug, Form::text},
};

/// Where a part of the input begins.
std::size_t offset(std::string_view input, std::string_view part) noexcept {
  return static_cast<std::size_t>(part.data() - input.data());
}

}  // namespace

Parser::Parser(Limits limits) : limits_(limits) {
  // So that no sum of offsets overflows.
  constexpr std::size_t quarter = std::numeric_limits<std::size_t>::max() / 4;
  limits_.value_bytes = std::min(limits_.value_bytes, quarter);
  limits_.line_bytes = std::min(limits_.line_bytes, quarter);
}

void Parser::reset() noexcept {
  state_ = State::need_more;
  step_ = Step::first_line;
  at_ = 0;
  looked_at_ = 0;
  wanted_ = 1;
  text_begin_ = 0;
  text_size_ = 0;
  if (items_.capacity() > kept_items) std::vector<Item>().swap(items_);
  items_.clear();
}

Parser::State Parser::parse(std::string_view input) {
  if (state_ == State::malformed) return state_;
  if (state_ == State::complete) reset();
  while (input.size() >= wanted_) {
    state_ = step_ == Step::data ? data(input) : line(input);
    if (state_ != State::need_more) return state_;
  }
  return State::need_more;
}

Parser::State Parser::line(std::string_view input) {
  // At once, and not only at the line's end: what speaks another protocol may never end one.
  if (input[at_] < 'A' || input[at_] > 'Z') return fail(no_reply);
  const Line found = find_line(input, at_, std::max(at_, looked_at_), limits_.line_bytes);
  if (found.state == Line::State::malformed) return fail(found.fault);
  if (found.state == Line::State::unfinished) {
    looked_at_ = found.end;
    wanted_ = input.size() + 1;
    return State::need_more;
  }
  const std::string_view text = input.substr(at_, found.size);
  at_ = found.end;
  wanted_ = at_ + 1;
  return step_ == Step::first_line ? first_line(input, text) : later_line(input, text);
}

Parser::State Parser::first_line(std::string_view input, std::string_view line) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  const auto* word =
      std::find_if(words.begin(), words.end(), [first](const Word& w) { return w.text == first; });
  if (word == words.end()) return is_error(line) ? end_with_error(input, line) : fail(no_reply);
  kind_ = word->kind;
  switch (word->form) {
    case Form::nothing:
      return line.size() == first.size() ? State::complete : fail(out_of_place);
    case Form::text:
      keep_text(input, rest);
      return State::complete;
    case Form::meta_value:
      return meta_value(input, rest);
    case Form::value:
      return item_line(input, rest, Step::value_line);
    case Form::statistic:
      return statistic(input, rest);
    case Form::configuration:
      return item_line(input, rest, Step::end_line);
  }
  return fail(no_reply);
}

Parser::State Parser::later_line(std::string_view input, std::string_view line) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (step_ == Step::value_line && first == "VALUE") {
    return item_line(input, rest, Step::value_line);
  }
  if (step_ == Step::statistic_line && first == "STAT") return statistic(input, rest);
  if (line == "END") return State::complete;
  return is_error(line) ? end_with_error(input, line) : fail(out_of_place);
}

Parser::State Parser::meta_value(std::string_view input, std::string_view rest) {
  const std::optional<std::uint64_t> size = parse_number(take_word(rest));
  if (!size) return fail(no_item);
  keep_text(input, rest);
  return expect_data({}, *size, Step::nothing);
}

/// A key, flags, a size, and maybe a number that changes with each change.
Parser::State Parser::item_line(std::string_view input, std::string_view rest, Step behind) {
  const std::string_view key = take_word(rest);
  const std::optional<std::uint64_t> flags = parse_number(take_word(rest));
  const std::optional<std::uint64_t> size = parse_number(take_word(rest));
  const std::string_view unique = take_word(rest);
  const bool sound = flags && *flags <= std::numeric_limits<std::uint32_t>::max() && size &&
                     (unique.empty() || parse_number(unique)) && rest.empty();
  if (!sound) return fail(no_item);
  Item item;
  item.key_begin = offset(input, key);
  item.key_size = key.size();
  item.flags = static_cast<std::uint32_t>(*flags);
  return expect_data(item, *size, behind);
}

Parser::State Parser::statistic(std::string_view input, std::string_view rest) {
  const std::string_view name = take_word(rest);
  if (name.empty()) return fail("a statistic has no name");
  if (items_.size() == limits_.items) return fail("a reply has more items than the limit");
  items_.push_back(
      {offset(input, name), name.size(), offset(input, rest), rest.size(), std::uint32_t{0}});
  step_ = Step::statistic_line;
  return State::need_more;
}

Parser::State Parser::expect_data(Item item, std::uint64_t size, Step behind) {
  if (size > limits_.value_bytes) return fail("a value is longer than the limit");
  if (items_.size() == limits_.items) return fail("a reply has more items than the limit");
  item.begin = at_;
  item.size = static_cast<std::size_t>(size);
  items_.push_back(item);
  behind_data_ = behind;
  step_ = Step::data;
  wanted_ = at_ + item.size + 2;
  return State::need_more;
}

Parser::State Parser::data(std::string_view input) {
  const std::size_t end = at_ + items_.back().size;
  if (input[end] != '\r' || input[end + 1] != '\n') return fail("a value does not end in CR LF");
  at_ = end + 2;
  wanted_ = at_ + 1;
  step_ = behind_data_;
  return step_ == Step::nothing ? State::complete : State::need_more;
}

Parser::State Parser::end_with_error(std::string_view input, std::string_view line) {
  kind_ = Kind::error;
  keep_text(input, line);
  items_.clear();
  return State::complete;
}

void Parser::keep_text(std::string_view input, std::string_view text) noexcept {
  text_begin_ = offset(input, text);
  text_size_ = text.size();
}

Parser::State Parser::fail(std::string_view why) noexcept {
  error_ = why;
  return State::malformed;
}

}  // namespace semantrix::memcache
