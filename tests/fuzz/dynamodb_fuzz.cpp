// Answers of DynamoDB, and whatever else claims to be one. The first byte chooses the reader.
#include "protocol/dynamodb/base64.hpp"
#include "protocol/dynamodb/failure.hpp"
#include "protocol/dynamodb/json_reader.hpp"
#include "protocol/dynamodb/responses.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace semantrix::dynamodb;

/// What was read as base64 is written as the same text.
void check_base64(std::string_view text) {
  const auto bytes = decode_base64(text);
  if (!bytes) return;
  std::string again;
  append_base64(again, *bytes);
  if (again != text) std::abort();
}

void read(unsigned char choice, std::string_view body) {
  switch (choice % 8) {
    case 0:
      static_cast<void>(read_one(body, "Item", "expires_at"));
      break;
    case 1:
      static_cast<void>(read_batch_got(body, "expires_at"));
      break;
    case 2:
      static_cast<void>(read_batch_written(body, "expires_at"));
      break;
    case 3:
      static_cast<void>(read_scanned(body, "expires_at"));
      break;
    case 4:
      static_cast<void>(read_table(body));
      break;
    case 5:
      static_cast<void>(read_ttl(body));
      break;
    case 6:
      static_cast<void>(classify(400, read_refusal(body, "")));
      break;
    default:
      check_base64(body);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data + 1), size - 1);
  read(data[0], body);
  JsonReader json(body);
  const bool sound = json.skip() && json.at_end();
  if (sound && json.failed()) std::abort();
  return 0;
}
