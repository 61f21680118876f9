#include "protocol/resp/parser.hpp"

#include <algorithm>
#include <limits>

namespace semantrix::resp {

namespace {

// More room than this is given back after a reply that needed it.
constexpr std::size_t kept_nodes = 16'384;

bool is_text_valid(Type type, std::string_view text) noexcept {
  switch (type) {
    case Type::null:
      return text.empty();
    case Type::boolean:
      return text == "t" || text == "f";
    case Type::real:
      return is_real(text);
    case Type::big_number:
      return is_whole_number(text);
    default:
      return true;
  }
}

}  // namespace

Parser::Parser(Limits limits) : limits_(limits) {
  // So that no sum of offsets overflows, and children fit a node.
  constexpr std::size_t quarter = std::numeric_limits<std::size_t>::max() / 4;
  limits_.bulk_bytes = std::min(limits_.bulk_bytes, quarter);
  limits_.line_bytes = std::min(limits_.line_bytes, quarter);
  limits_.elements =
      std::min<std::size_t>(limits_.elements, std::numeric_limits<std::uint32_t>::max());
}

void Parser::reset() noexcept {
  state_ = State::need_more;
  in_body_ = false;
  at_ = 0;
  looked_at_ = 0;
  wanted_ = 1;
  announced_ = 0;
  skipping_ = 0;
  open_.clear();
  if (nodes_.capacity() > kept_nodes) std::vector<Node>().swap(nodes_);
  nodes_.clear();
}

Parser::State Parser::parse(std::string_view input) {
  if (state_ == State::malformed) return state_;
  if (state_ == State::complete) reset();
  while (input.size() >= wanted_) {
    state_ = in_body_ ? body(input) : element(input);
    if (state_ != State::need_more) return state_;
  }
  return State::need_more;
}

// Each of the functions below takes one element, or notes what it still needs; `complete` means
// that the whole reply is. `wanted_` at or below the input's size means: go on with the next.
Parser::State Parser::element(std::string_view input) {
  switch (input[at_]) {
    case '$':
      return bulk(input, Type::bulk_string);
    case '+':
      return line(input, Type::simple_string);
    case ':':
      return integer(input);
    case '*':
      return aggregate(input, Type::array, false);
    case '-':
      return line(input, Type::error);
    case '_':
      return line(input, Type::null);
    case '#':
      return line(input, Type::boolean);
    case ',':
      return line(input, Type::real);
    case '(':
      return line(input, Type::big_number);
    case '!':
      return bulk(input, Type::bulk_error);
    case '=':
      return bulk(input, Type::verbatim_string);
    case '%':
      return aggregate(input, Type::map, false);
    case '~':
      return aggregate(input, Type::set, false);
    case '>':
      return aggregate(input, Type::push, false);
    case '|':
      return aggregate(input, Type::map, true);
    default:
      return fail("a byte is no type of the protocol");
  }
}

Parser::State Parser::line(std::string_view input, Type type) {
  const std::size_t begin = at_ + 1;
  const Line found = find_line(input, begin, std::max(begin, looked_at_), limits_.line_bytes);
  if (found.state != Line::State::whole) return unfinished(input, found);
  const std::size_t size = found.end - 2 - begin;
  if (!is_text_valid(type, input.substr(begin, size))) return fail("a value does not fit its type");
  return add({type, 0, begin, size}, found.end);
}

Parser::State Parser::integer(std::string_view input) {
  const std::size_t begin = at_ + 1;
  const NumberLine found = read_number(input, begin);
  if (found.state != Line::State::whole) return unfinished(input, found);
  return add({Type::integer, 0, begin, found.end - 2 - begin}, found.end);
}

Parser::State Parser::bulk(std::string_view input, Type type) {
  const NumberLine found = read_number(input, at_ + 1);
  if (found.state != Line::State::whole) return unfinished(input, found);
  if (input[at_ + 1] == '+') return fail("a length has a sign");
  if (found.number < 0) {
    if (found.number != -1 || type != Type::bulk_string) return fail("a length is negative");
    return add({Type::null, 0, found.end, 0}, found.end);
  }
  const auto size = static_cast<std::size_t>(found.number);
  if (size > limits_.bulk_bytes) return fail("a string is longer than the limit");
  body_ = {type, 0, found.end, size};
  in_body_ = true;
  if (input.size() < found.end + size + 2) return need(found.end + size + 2);
  return body(input);
}

Parser::State Parser::body(std::string_view input) {
  const std::size_t end = body_.begin + body_.size;
  if (input[end] != '\r' || input[end + 1] != '\n') return fail("a string does not end in CR LF");
  in_body_ = false;
  if (body_.type == Type::verbatim_string) {
    constexpr std::size_t prefix = 4;  // "txt:", "mkd:"
    if (body_.size < prefix || input[body_.begin + prefix - 1] != ':') {
      return fail("a verbatim string does not name its format");
    }
    body_.begin += prefix;
    body_.size -= prefix;
  }
  return add(body_, end + 2);
}

Parser::State Parser::aggregate(std::string_view input, Type type, bool attribute) {
  const NumberLine found = read_number(input, at_ + 1);
  if (found.state != Line::State::whole) return unfinished(input, found);
  if (input[at_ + 1] == '+') return fail("a length has a sign");
  if (found.number == -1 && type == Type::array) {
    return add({Type::null, 0, found.end, 0}, found.end);
  }
  if (found.number < 0) return fail("a length is negative");
  if (type == Type::push && !open_.empty()) return fail("a push is within another reply");
  at_ = found.end;
  return open(type, found.number, attribute);
}

Parser::State Parser::open(Type type, std::int64_t count, bool attribute) {
  if (open_.size() >= limits_.depth) return fail("aggregates nest deeper than the limit");
  const std::size_t left = limits_.elements - announced_;
  const std::size_t each = type == Type::map ? 2 : 1;
  const auto announced = static_cast<std::size_t>(count);
  // An attribute counts by itself too: else empty ones could go on for ever.
  const std::size_t own = attribute ? 1 : 0;
  if (own > left || announced > (left - own) / each) {
    return fail("a reply has more elements than the limit");
  }
  announced_ += announced * each + own;
  const auto children = static_cast<std::uint32_t>(announced * each);
  if (!attribute && skipping_ == 0) nodes_.push_back({type, children, at_, 0});
  wanted_ = at_ + 1;
  if (children == 0) return attribute ? State::need_more : close();
  open_.push_back({children, attribute});
  if (attribute) ++skipping_;
  return State::need_more;
}

Parser::State Parser::add(Node node, std::size_t end) {
  if (skipping_ == 0) nodes_.push_back(node);
  at_ = end;
  wanted_ = end + 1;
  return close();
}

/// Ends the element, and every aggregate whose last one it was.
Parser::State Parser::close() {
  while (!open_.empty()) {
    if (--open_.back().left > 0) return State::need_more;
    const bool attribute = open_.back().attribute;
    open_.pop_back();
    if (attribute) {  // What it is an attribute of follows.
      --skipping_;
      return State::need_more;
    }
  }
  return State::complete;
}

Parser::State Parser::need(std::size_t size) noexcept {
  wanted_ = size;
  return State::need_more;
}

Parser::State Parser::unfinished(std::string_view input, const Line& line) noexcept {
  if (line.state == Line::State::malformed) return fail(line.fault);
  looked_at_ = line.end;
  return need(input.size() + 1);
}

Parser::State Parser::fail(std::string_view why) noexcept {
  error_ = why;
  return State::malformed;
}

}  // namespace semantrix::resp
