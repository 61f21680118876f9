#include "stores/redis/requests.hpp"

#include "protocol/resp/command.hpp"

namespace semantrix::redis {
namespace {

using resp::append_array_header;
using resp::append_bulk;

/// Keys that one SCAN looks at, about: a page that neither side takes long over.
constexpr std::string_view scan_count = "1000";

void append_key(std::string& text, const WireKey& key) {
  resp::append_bulk_header(text, key.prefix.size() + key.key.size());
  text.append(key.prefix).append(key.key).append("\r\n");
}

}  // namespace

void append_get(Commands& commands, const WireKey& key) {
  std::string& text = commands.next().text();
  text.append("*2\r\n$3\r\nGET\r\n");
  append_key(text, key);
}

void append_pttl(Commands& commands, const WireKey& key) {
  std::string& text = commands.next().text();
  text.append("*2\r\n$4\r\nPTTL\r\n");
  append_key(text, key);
}

void append_set(Commands& commands, const WireKey& key, const Value& stored,
                std::optional<std::chrono::milliseconds> ttl) {
  net::OutputBuffer& out = commands.next();
  append_array_header(out.text(), ttl ? 5 : 3);
  append_bulk(out.text(), "SET");
  append_key(out.text(), key);
  resp::append_bulk_header(out.text(), stored.size());
  out.append(stored);
  out.text().append("\r\n");
  if (!ttl) return;
  append_bulk(out.text(), "PX");
  resp::append_bulk_number(out.text(), ttl->count());
}

void append_many(Commands& commands, std::string_view command, std::string_view prefix,
                 std::span<const std::string> keys, std::span<const std::uint32_t> indices) {
  std::string& text = commands.next().text();
  append_array_header(text, indices.size() + 1);
  append_bulk(text, command);
  for (const std::uint32_t index : indices) append_key(text, {prefix, keys[index]});
}

void append_scan(Commands& commands, std::string_view cursor, std::string_view pattern) {
  resp::append_command(commands.next().text(),
                       {"SCAN", cursor, "MATCH", pattern, "COUNT", scan_count});
}

}  // namespace semantrix::redis
