#include "cli/replay_log.hpp"

#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace semantrix::cli {
namespace {

std::string key_of(std::string_view line) {
  ReplayLogParser parser;
  const auto request = parser.parse(line);
  EXPECT_TRUE(request) << line;
  return request ? request->key : "";
}

std::string fault_of(std::string_view line) {
  ReplayLogParser parser;
  const auto request = parser.parse(line);
  EXPECT_FALSE(request) << line;
  return request ? "" : request.error().message();
}

std::string canonical(std::string_view text) {
  std::string out;
  append_canonical_json(out,
                        boost::json::parse(boost::json::string_view(text.data(), text.size())));
  return out;
}

TEST(CanonicalJson, SortsKeysAtEveryLevel) {
  EXPECT_EQ(canonical(R"( { "b" : [ { "d":1, "c":2 } ], "a":{} } )"),
            R"({"a":{},"b":[{"c":2,"d":1}]})");
  EXPECT_EQ(canonical(R"({"":1,"B":1,"a":1,"é":1})"), R"({"":1,"B":1,"a":1,"é":1})");
}

TEST(CanonicalJson, KeepsTheOrderOfLists) { EXPECT_EQ(canonical("[2, 1, 3]"), "[2,1,3]"); }

TEST(CanonicalJson, TellsNumbersApartByKind) {
  EXPECT_EQ(canonical("1"), "1");
  EXPECT_EQ(canonical("1.0"), "1.0");
  EXPECT_EQ(canonical("1e0"), "1.0");
  EXPECT_EQ(canonical("0.10"), "0.1");
  EXPECT_EQ(canonical("-7"), "-7");
  EXPECT_EQ(canonical("18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(canonical("1e300"), "1e+300");
}

TEST(CanonicalJson, EscapesWhatJsonMust) {
  EXPECT_EQ(canonical(R"("\u0041\u00e9\"\\\n\u0001/")"), "\"A\u00e9\\\"\\\\\\n\\u0001/\"");
  EXPECT_EQ(canonical("[null,true,false]"), "[null,true,false]");
}

TEST(ReplayLog, ReadsEveryField) {
  ReplayLogParser parser;
  const auto request = parser.parse(
      R"({"timestamp":1.5,"model":"m","prompt":"p","response":"r","latency_ms":12,"cost_usd":0.5})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->response, "r");
  EXPECT_EQ(request->latency_ms, 12);
  EXPECT_EQ(request->cost_usd, 0.5);
}

TEST(ReplayLog, LeavesOutWhatIsAbsentOrNull) {
  ReplayLogParser parser;
  const auto request =
      parser.parse(R"({"prompt":"p","response":null,"latency_ms":null,"messages":null})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->response, "");
  EXPECT_EQ(request->latency_ms, 0);
  EXPECT_EQ(request->cost_usd, 0);
}

TEST(ReplayLog, NeitherKeyOrderNorWhiteSpaceMatters) {
  const std::string key = key_of(
      R"({"model":"m","messages":[{"role":"user","content":"x"},{"role":"tool","n":{"a":1,"b":2}}]})");
  EXPECT_EQ(key_of("{ \"messages\" :\t[ {\"content\":\"x\", \"role\":\"user\"} ,"
                   "{\"n\":{\"b\":2,\"a\":1},\"role\":\"tool\"} ], \"model\":\"m\" }"),
            key);
}

TEST(ReplayLog, APromptNeverEqualsMessages) {
  EXPECT_NE(key_of(R"({"prompt":"[]"})"), key_of(R"({"messages":[]})"));
  EXPECT_NE(key_of(R"({"prompt":""})"), key_of(R"({"messages":[]})"));
}

TEST(ReplayLog, TheModelIsPartOfTheRequest) {
  EXPECT_NE(key_of(R"({"prompt":"p"})"), key_of(R"({"model":"","prompt":"p"})"));
  EXPECT_NE(key_of(R"({"model":"a","prompt":"p"})"), key_of(R"({"model":"b","prompt":"p"})"));
  EXPECT_NE(key_of(R"({"prompt":"p"})"), key_of(R"({"model":"null","prompt":"p"})"));
  EXPECT_EQ(key_of(R"({"prompt":"p"})"), key_of(R"({"model":null,"prompt":"p"})"));
}

TEST(ReplayLog, ShortensAndCleansTheModelInTheKey) {
  const std::string key =
      key_of(R"({"model":"a:b c\n)" + std::string(100, 'z') + R"(","prompt":"p"})");
  EXPECT_TRUE(key.starts_with("prompt:a_b_c_zz"));
  EXPECT_EQ(key.size(), std::string("prompt:").size() + 48 + 1 + 32);
}

TEST(ReplayLog, IdentityFollowsTheKey) {
  ReplayLogParser parser;
  const auto first = parser.parse(R"({"prompt":"p"})");
  ASSERT_TRUE(first);
  const std::uint64_t identity = first->identity;
  const auto second = parser.parse(R"({"prompt":"q"})");
  ASSERT_TRUE(second);
  EXPECT_NE(second->identity, identity);
}

TEST(ReplayLog, NamesWhatIsBroken) {
  EXPECT_NE(fault_of("").find("no JSON"), std::string::npos);
  EXPECT_NE(fault_of("{\"prompt\":\"p\"").find("no JSON"), std::string::npos);
  EXPECT_EQ(fault_of("[]"), "is no JSON object");
  EXPECT_EQ(fault_of("{}"), "has neither prompt nor messages");
  EXPECT_EQ(fault_of(R"({"prompt":1})"), "has a prompt that is no string");
  EXPECT_EQ(fault_of(R"({"messages":["x"]})"), "has messages that are no list of objects");
  EXPECT_EQ(fault_of(R"({"prompt":"p","response":[]})"), "has a response that is no string");
  EXPECT_EQ(fault_of(R"({"prompt":"p","model":1})"), "has a model that is no string");
  EXPECT_EQ(fault_of(R"({"prompt":"p","cost_usd":-1})"),
            "has a cost_usd that is no number of 0 or more");
  EXPECT_EQ(fault_of(R"({"prompt":"p","latency_ms":1e999})"),
            "has a latency_ms that is no number of 0 or more");
}

TEST(ReplayLog, AFaultLeavesNothingBehind) {
  ReplayLogParser parser;
  const std::string key = key_of(R"({"prompt":"p"})");
  EXPECT_FALSE(parser.parse(R"({"prompt":"p","messages":[{"content":")"));
  const auto request = parser.parse(R"({"prompt":"p"})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->key, key);
}

TEST(ReplayLog, TakesLinesLargerThanItsMemory) {
  ReplayLogParser parser;
  const std::string answer(3'000'000, 'x');
  const auto request = parser.parse(R"({"prompt":"p","response":")" + answer + "\"}");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->response, answer);
}

}  // namespace
}  // namespace semantrix::cli
