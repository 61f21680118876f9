#include "protocol/dynamodb/base64.hpp"
#include "protocol/dynamodb/crc32.hpp"
#include "protocol/dynamodb/failure.hpp"
#include "protocol/dynamodb/item.hpp"
#include "protocol/dynamodb/json_reader.hpp"
#include "protocol/dynamodb/json_text.hpp"
#include "protocol/dynamodb/requests.hpp"
#include "protocol/dynamodb/responses.hpp"
#include "protocol/dynamodb/wire_key.hpp"
#include "protocol/http/date.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::dynamodb {
namespace {

using namespace std::chrono_literals;

TEST(Base64, FollowsTheStandardsExamples) {
  const std::array<std::pair<std::string_view, std::string_view>, 7> examples{
      {{"", ""},
       {"f", "Zg=="},
       {"fo", "Zm8="},
       {"foo", "Zm9v"},
       {"foob", "Zm9vYg=="},
       {"fooba", "Zm9vYmE="},
       {"foobar", "Zm9vYmFy"}}};
  for (const auto& [bytes, text] : examples) {
    std::string out;
    append_base64(out, bytes);
    EXPECT_EQ(out, text);
    EXPECT_EQ(decode_base64(text), bytes);
  }
}

TEST(Base64, TakesAllBytesBack) {
  std::string bytes;
  for (int i = 0; i != 1000; ++i) bytes.push_back(static_cast<char>(i * 7));
  for (std::size_t size = 0; size != bytes.size(); ++size) {
    std::string out = "x";
    append_base64(out, bytes.substr(0, size));
    EXPECT_EQ(decode_base64(out.substr(1)), bytes.substr(0, size));
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const std::string_view text :
       {"Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zh==", "Zm9=", "Zm 8", "Zm9v\n", "Zm-_"}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

TEST(Crc32, IsThatOfTheStandard) {
  EXPECT_EQ(crc32(""), 0U);
  EXPECT_EQ(crc32("123456789"), 0xCBF43926U);
  EXPECT_TRUE(matches_crc32("3421780262", "123456789"));
  EXPECT_TRUE(matches_crc32("", "anything"));
  EXPECT_FALSE(matches_crc32("3421780261", "123456789"));
  EXPECT_FALSE(matches_crc32("x", "123456789"));
}

TEST(Json, StringsComeBack) {
  std::string text;
  for (int i = 0; i != 128; ++i) text.push_back(static_cast<char>(i));
  text += "\xC3\xBC\xF0\x9F\x98\x80";
  std::string json;
  append_json_string(json, text);
  JsonReader reader(json);
  std::string_view read;
  ASSERT_TRUE(reader.string(read));
  EXPECT_EQ(read, text);
  EXPECT_TRUE(reader.at_end());
}

TEST(Json, EscapesAreUnderstood) {
  JsonReader reader(R"("\u00fc\ud83d\ude00\/\n")");
  std::string_view read;
  ASSERT_TRUE(reader.string(read));
  EXPECT_EQ(read, "\xC3\xBC\xF0\x9F\x98\x80/\n");
}

TEST(Json, StringsEndWhereTheyEndHoweverLongTheyAre) {
  for (std::size_t length = 0; length != 40; ++length) {
    const std::string plain = std::string(length, '\xC3') + "z";
    for (std::size_t at = 0; at != length; ++at) {
      std::string_view text;
      const std::string ended = '"' + plain.substr(0, at) + '"' + plain;
      JsonReader ends(ended);
      EXPECT_TRUE(ends.string(text));
      EXPECT_EQ(text, plain.substr(0, at));
      const std::string escaped = '"' + plain.substr(0, at) + "\\n" + plain.substr(at) + '"';
      JsonReader escapes(escaped);
      EXPECT_TRUE(escapes.string(text));
      EXPECT_EQ(text, plain.substr(0, at) + '\n' + plain.substr(at));
      std::string controlled = '"' + plain + '"';
      controlled[1 + at] = '\x1F';
      JsonReader refuses(controlled);
      EXPECT_FALSE(refuses.string(text)) << at;
    }
    JsonReader endless(plain);
    std::string_view text;
    EXPECT_FALSE(endless.string(text));
    const std::string open = '"' + plain;
    JsonReader unclosed(open);
    EXPECT_FALSE(unclosed.string(text));
  }
}

TEST(Json, SkipsValuesOfEveryKind) {
  for (const std::string_view text : {"{}", "[]", R"({"a":[1,-2.5e+3,{"b":null}],"c":"d\"e"})",
                                      "[true,false,[[]]]", " 12 ", R"("x")"}) {
    JsonReader reader(text);
    EXPECT_TRUE(reader.skip()) << text;
    EXPECT_TRUE(reader.at_end()) << text;
  }
}

TEST(Json, RefusesWhatIsNone) {
  const std::string deep(100, '[');
  for (const std::string_view text :
       {"", "{", "[1,]", "{,}", R"({"a"})", R"({"a":1,})", "tru", "01x", "-", "1.", "1e", "\"",
        R"("\x")", R"("\ud800")", R"("\udc00")", "\"\n\"", "[1 2]", "nul", deep.c_str()}) {
    JsonReader reader(text);
    EXPECT_FALSE(reader.skip() && reader.at_end()) << text;
  }
}

TEST(WireKeys, StandAsTheyAreWhereTheyCan) {
  EXPECT_EQ(wire_key("p:", "key1").text, "p:key1");
  EXPECT_FALSE(wire_key("p:", "key1").hashed);
  for (const std::string& key :
       {std::string("\xFF"), std::string("#smx:x"), std::string(3000, 'x')}) {
    const WireKey wire = wire_key("p:", key);
    EXPECT_TRUE(wire.hashed);
    EXPECT_TRUE(wire.text.starts_with("p:#smx:k:"));
    EXPECT_EQ(wire.text.size(), std::string_view("p:#smx:k:").size() + 64);
  }
  EXPECT_NE(chunk_key("", "a", 1, 1), chunk_key("", "a", 1, 2));
  EXPECT_NE(chunk_key("", "a", 1, 1), chunk_key("", "b", 1, 1));
}

TEST(Items, ComeBackAsTheyWent) {
  NewItem item;
  item.key = "key1";
  item.whole_key = "\xFF";
  item.value = "value1";
  item.expires = 1'700'000'000'123ms;
  item.chunks = 3;
  std::string json;
  append_item(json, item, "expires_at");
  EXPECT_EQ(json,
            R"({"key":{"S":"key1"},"value":{"B":"dmFsdWUx"},"k":{"B":"/w=="},"expires_at":{"N":"17)"
            R"(00000002"},"expires_ms":{"N":"1700000000123"},"n":{"N":"3"}})");
  JsonReader reader(json);
  Item read;
  ASSERT_TRUE(read_item(reader, "expires_at", read));
  EXPECT_EQ(read.key, "key1");
  EXPECT_EQ(read.whole_key, "\xFF");
  EXPECT_EQ(read.value, "value1");
  EXPECT_EQ(read.expires(), 1'700'000'000'123ms);
  EXPECT_EQ(read.chunks, 3U);
  EXPECT_FALSE(read.is_chunk);
  EXPECT_FALSE(read.expired(1'700'000'000'122ms));
  EXPECT_TRUE(read.expired(1'700'000'000'123ms));
}

TEST(Items, OfOtherProgramsAreReadAsTheyStand) {
  const std::string_view json =
      R"({"value":{"S":"text"},"when":{"N":"100.5"},"more":{"M":{"a":{"L":[]}}},"n":{"S":"x"}})";
  JsonReader reader(json);
  Item read;
  ASSERT_TRUE(read_item(reader, "when", read));
  EXPECT_EQ(read.value, "text");
  EXPECT_EQ(read.expires(), 100s);
  EXPECT_EQ(read.chunks, 0U);
}

TEST(Items, MeasureNoLessThanTheServiceCounts) {
  NewItem item;
  item.key = "key1";
  const std::string value(1000, 'x');
  item.value = value;
  EXPECT_GE(item_bytes(item, "expires_at"), 3U + 4U + 5U + 1000U);
}

TEST(Requests, AskForWhatIsNeeded) {
  const Requests requests("cache", "expires_at", true);
  EXPECT_EQ(requests.get("k\"1"),
            R"({"TableName":"cache","Key":{"key":{"S":"k\"1"}},"ConsistentRead":true,"ProjectionEx)"
            R"(pression":"#v,#e,#x,#k","ExpressionAttributeNames":{"#v":"value","#e":"expires_at")"
            R"(,"#x":"expires_ms","#k":"k"}})");
  for (const std::string& body : std::initializer_list<std::string>{
           requests.get("a"), requests.erase("a"), requests.describe(), requests.enable_ttl(),
           requests.create_table({}), requests.create_table({5, 6}), requests.scan({}),
           requests.scan({.segment = 1,
           .segments = 4,
           .after = "b",
           .prefix = "p",
           .live_at = 1ms,
           .count_only = true})}) {
    JsonReader reader(body);
    EXPECT_TRUE(reader.skip() && reader.at_end()) << body;
  }
}

TEST(Responses, AreReadWhole) {
  const auto none = read_one("{}", "Item", "e");
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  const auto one = read_one(R"({"Item":{"value":{"B":"dmFsdWUx"}},"New":[1]})", "Item", "e");
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->value, "value1");
  EXPECT_FALSE(read_one(R"({"Item":{)", "Item", "e"));
  EXPECT_FALSE(read_one("{} x", "Item", "e"));
  const auto got = read_batch_got(
      R"({"Responses":{"t":[{"key":{"S":"a"}}]},"UnprocessedKeys":{"t":{"Keys":[{"key":{"S":"b"}}],)"
      R"("ConsistentRead":true}}})",
      "e");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->items.at(0).key, "a");
  EXPECT_EQ(got->unprocessed, std::vector<std::string>{"b"});
  const auto written =
      read_batch_written(R"({"UnprocessedItems":{"t":[{"PutRequest":{"Item":{"key":{"S":"a"}}}},)"
                         R"({"DeleteRequest":{"Key":{"key":{"S":"b"}}}}]}})",
                         "e");
  ASSERT_TRUE(written);
  EXPECT_EQ(*written, (std::vector<std::string>{"a", "b"}));
  const auto page =
      read_scanned(R"({"Items":[],"Count":7,"LastEvaluatedKey":{"key":{"S":"z"}}})", "e");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->count, 7U);
  EXPECT_EQ(page->last_key, "z");
}

TEST(Failures, AreToldApart) {
  const auto kind = [](int status, std::string_view body) {
    return classify(status, read_refusal(body, ""));
  };
  EXPECT_EQ(kind(400, R"({"__type":"com.amazon.coral.availability#ThrottlingException"})"),
            FailureKind::throttled);
  EXPECT_EQ(kind(400, R"({"__type":"x#ResourceNotFoundException:http://y"})"),
            FailureKind::no_table);
  EXPECT_EQ(kind(500, ""), FailureKind::transient);
  EXPECT_EQ(kind(503, "<html>"), FailureKind::transient);
  EXPECT_EQ(kind(400, R"({"__type":"x#ExpiredTokenException","message":"m"})"),
            FailureKind::expired_token);
  EXPECT_EQ(kind(400, R"({"__type":"x#InvalidSignatureException","Message":"Signature expired"})"),
            FailureKind::clock_skew);
  EXPECT_EQ(kind(400, R"({"__type":"x#InvalidSignatureException"})"), FailureKind::other);
}

TEST(HttpDate, IsRead) {
  EXPECT_EQ(http::parse_date("Thu, 01 Jan 1970 00:00:10 GMT"), std::chrono::sys_seconds(10s));
  EXPECT_EQ(http::parse_date("Thu, 32 Jan 1970 00:00:10 GMT"), std::nullopt);
  EXPECT_EQ(http::parse_date("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace semantrix::dynamodb
