// Reads arbitrary bytes as what a Memcached server may answer: replies, a dump of its keys, a
// cluster's configuration. Pieces must not matter: at whatever bytes the input is cut, the readers
// come to the same as for the whole.
#include "protocol/memcache/discovery.hpp"
#include "protocol/memcache/error_reply.hpp"
#include "protocol/memcache/metadump.hpp"
#include "protocol/memcache/parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace semantrix;
using namespace semantrix::memcache;

using State = Parser::State;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A copy of exactly these bytes, so that a read past them is seen.
class Exactly {
 public:
  explicit Exactly(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

bool lies_within(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

bool same(const Reply& left, const Reply& right) {
  const auto same_item = [&](const Item& item, const Item& other) {
    return left.key(item) == right.key(other) && left.value(item) == right.value(other) &&
           item.flags == other.flags;
  };
  return left.kind() == right.kind() && left.text() == right.text() &&
         std::equal(left.items().begin(), left.items().end(), right.items().begin(),
                    right.items().end(), same_item);
}

/// Everything lies within the reply, and everything can be asked of it.
void use(const Reply& reply, std::string_view bytes) {
  require(reply.text().empty() || lies_within(reply.text(), bytes));
  for (const Item& item : reply.items()) {
    require(lies_within(reply.value(item), bytes));
    require(item.key_begin + item.key_size <= bytes.size());
  }
  require(reply.kind() != Kind::values || !reply.items().empty());
  (void)reply.ttl();
  (void)reply.opaque();
  (void)reply.client_flags();
  if (reply.kind() == Kind::configuration) (void)parse_cluster_configuration(reply.value());
  if (!reply.is_error()) return;
  const Error error = to_error(reply.text());
  require(!error.message().empty() && error.info().server_message.size() <= 200);
  (void)ends_connection(classify_error(reply.text()));
}

/// Where the next piece ends: mostly a byte further, at times up to a quarter of the input.
std::size_t next_cut(std::string_view bytes, std::size_t at, std::size_t& seed) {
  seed = seed * 6364136223846793005U + 1442695040888963407U;
  const std::size_t step = (seed >> 33U) % 4 == 0 ? (seed >> 40U) % (bytes.size() / 4 + 1) : 0;
  return std::min(at + step + 1, bytes.size());
}

void parse_in_pieces(std::string_view bytes, const Limits& limits, State expected,
                     const Parser& whole, std::size_t seed) {
  Parser parser(limits);
  State state = State::need_more;
  for (std::size_t at = 0; state == State::need_more && at < bytes.size();) {
    at = next_cut(bytes, at, seed);
    state = parser.parse(Exactly(bytes.substr(0, at)).view());
    if (state == State::need_more) require(parser.wanted() > at);
    if (state == State::complete) require(parser.consumed() <= at);
  }
  require(state == expected);
  if (state == State::malformed) require(parser.error() == whole.error());
  if (state != State::complete) return;
  require(parser.consumed() == whole.consumed());
  require(same(parser.reply(bytes), whole.reply(bytes)));
}

void parse_replies(std::string_view rest, std::size_t seed) {
  const Limits limits{.value_bytes = 4096, .line_bytes = 256, .items = 100};
  Parser parser(limits);
  for (State state = State::complete; state == State::complete && !rest.empty();) {
    state = parser.parse(Exactly(rest).view());
    parse_in_pieces(rest, limits, state, parser, seed);
    if (state == State::need_more) require(parser.wanted() > rest.size());
    if (state != State::complete) break;
    const std::size_t consumed = parser.consumed();
    require(consumed > 0 && consumed <= rest.size());
    use(parser.reply(rest), rest.substr(0, consumed));
    rest.remove_prefix(consumed);
  }
}

/// What a reader of dumps made of the bytes: entries, and how it ended.
std::string read_dump(std::string_view bytes, bool in_pieces, std::size_t seed) {
  using Dump = MetadumpReader::State;
  MetadumpReader reader;
  std::string result;
  std::size_t begin = 0;
  std::size_t end = in_pieces ? 0 : bytes.size();
  for (;;) {
    switch (reader.read(Exactly(bytes.substr(begin, end - begin)).view())) {
      case Dump::need_more:
        if (end == bytes.size()) return result + "more";
        end = next_cut(bytes, end, seed);
        break;
      case Dump::entry:
        require(!reader.entry().key.empty() && reader.consumed() > 0);
        result += reader.entry().key + ' ' + std::to_string(reader.entry().bytes) + '\n';
        begin += reader.consumed();
        require(begin <= end);
        break;
      case Dump::end:
        return result + "end";
      case Dump::failed:
        return result + reader.error().to_string();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  parse_replies(bytes, size);
  require(read_dump(bytes, false, size) == read_dump(bytes, true, size));
  const auto configuration = parse_cluster_configuration(bytes);
  require(configuration.has_error() || !configuration->nodes.empty());
  return 0;
}
