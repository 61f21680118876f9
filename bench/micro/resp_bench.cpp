// The Redis protocol without a server, in a tight loop with the bytes in the processor's cache:
// "Time" is that of one reply, command or key.
//
//   parse_bulk/BYTES     the answer to a GET that hits
//   parse_null           the answer to a GET that misses
//   parse_ok             the answer to a SET
//   parse_mget/COUNT     an array of so many values of 64 bytes; the time is that of all
//   append_get           a GET with a key of 32 bytes
//   append_set           a SET with ttl, a key of 32 and a value of 64 bytes
//   slot_of/BYTES        the slot of a key of so many bytes
#include "protocol/resp/command.hpp"
#include "protocol/resp/parser.hpp"
#include "protocol/resp/slot.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace semantrix::resp {
namespace {

/// One reply and the beginning of the next, as a connection holds them.
void parse(benchmark::State& state, std::string bytes) {
  bytes += "+NEXT\r\n";
  Parser parser;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bytes.data());
    if (parser.parse(bytes) != Parser::State::complete) state.SkipWithError("no reply");
    benchmark::DoNotOptimize(parser.reply(bytes).text().data());
  }
}

std::string bulk(std::size_t size) {
  std::string bytes;
  append_bulk(bytes, std::string(size, 'v'));
  return bytes;
}

void parse_bulk(benchmark::State& state) {
  parse(state, bulk(static_cast<std::size_t>(state.range(0))));
}
BENCHMARK(parse_bulk)->Arg(64)->Arg(4096);

void parse_null(benchmark::State& state) { parse(state, "$-1\r\n"); }
BENCHMARK(parse_null);

void parse_ok(benchmark::State& state) { parse(state, "+OK\r\n"); }
BENCHMARK(parse_ok);

void parse_mget(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  std::string bytes;
  append_array_header(bytes, count);
  for (std::size_t i = 0; i < count; ++i) bytes += bulk(64);
  parse(state, bytes);
}
BENCHMARK(parse_mget)->Arg(10)->Arg(100);

void append_get(benchmark::State& state) {
  const std::string key(32, 'k');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_command(out, {"GET", key});
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(append_get);

void append_set(benchmark::State& state) {
  const std::string key(32, 'k');
  const std::string value(64, 'v');
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_command(out, {"SET", key, value, "PX", "3600000"});
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(append_set);

void slot_of_key(benchmark::State& state) {
  std::string key(static_cast<std::size_t>(state.range(0)), 'k');
  for (auto _ : state) {
    benchmark::DoNotOptimize(key.data());
    benchmark::DoNotOptimize(slot_of(key));
  }
}
BENCHMARK(slot_of_key)->Name("slot_of")->Arg(16)->Arg(42)->Arg(1000);

}  // namespace
}  // namespace semantrix::resp
