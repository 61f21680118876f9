// Reads arbitrary bytes as replies of a Redis server. Pieces must not matter: at whatever bytes the
// input is cut, the parser comes to the same as for the whole.
#include "protocol/resp/error_reply.hpp"
#include "protocol/resp/parser.hpp"
#include "protocol/resp/redirection.hpp"
#include "protocol/resp/topology.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace {

using namespace semantrix;
using namespace semantrix::resp;

using State = Parser::State;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Parses a copy of exactly these bytes, so that a read past them is seen.
State parse(Parser& parser, std::string_view bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  return parser.parse({exact.data(), exact.size()});
}

bool same(const Parser& left, const Parser& right, std::string_view bytes) {
  const auto nodes = left.reply(bytes).nodes();
  const auto others = right.reply(bytes).nodes();
  if (left.consumed() != right.consumed() || nodes.size() != others.size()) return false;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& node = nodes[i];
    const Node& other = others[i];
    if (node.type != other.type || node.children != other.children || node.begin != other.begin ||
        node.size != other.size) {
      return false;
    }
  }
  return true;
}

/// All nodes are reached, each once, and lie within the reply.
std::size_t walk(const Reply& reply, std::size_t consumed) {
  std::size_t nodes = 1;
  require(reply.root().begin + reply.root().size <= consumed);
  require((reply.type() == Type::integer) == reply.integer().has_value());
  for (const Reply child : reply.children()) nodes += walk(child, consumed);
  return nodes;
}

void use(const Reply& reply) {
  (void)parse_cluster_slots(reply, "asked");
  if (!reply.is_error()) return;
  const Error error = to_error(reply.text());
  require(!error.message().empty() && error.info().server_message.size() <= 200);
  if (const auto to = parse_redirection(reply.text())) require(to->slot < 16'384 && to->port > 0);
}

/// Where the next piece ends: mostly a byte further, at times up to a quarter of the input.
std::size_t next_cut(std::string_view bytes, std::size_t at, std::size_t& seed) {
  seed = seed * 6364136223846793005U + 1442695040888963407U;
  const std::size_t step = (seed >> 33U) % 4 == 0 ? (seed >> 40U) % (bytes.size() / 4 + 1) : 0;
  return at + step + 1;
}

void parse_in_pieces(std::string_view bytes, const Limits& limits, State expected,
                     const Parser& whole, std::size_t seed) {
  Parser parser(limits);
  State state = State::need_more;
  for (std::size_t at = 0; state == State::need_more && at < bytes.size();) {
    at = std::min(next_cut(bytes, at, seed), bytes.size());
    state = parse(parser, bytes.substr(0, at));
    if (state == State::need_more) require(parser.wanted() > at);
    if (state == State::complete) require(parser.consumed() <= at);
  }
  require(state == expected);
  if (state == State::complete) require(same(parser, whole, bytes));
  if (state == State::malformed) require(parser.error() == whole.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Limits limits{.bulk_bytes = 4096, .elements = 1000, .depth = 8, .line_bytes = 256};
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  Parser parser(limits);
  for (State state = State::complete; state == State::complete && !rest.empty();) {
    state = parse(parser, rest);
    parse_in_pieces(rest, limits, state, parser, size);
    if (state == State::need_more) require(parser.wanted() > rest.size());
    if (state != State::complete) break;
    const std::size_t consumed = parser.consumed();
    require(consumed > 0 && consumed <= rest.size());
    const Reply reply = parser.reply(rest);
    require(walk(reply, consumed) == reply.nodes().size());
    use(reply);
    rest.remove_prefix(consumed);
  }
  return 0;
}
