// The cases are AWS's published examples of Signature Version 4 and two of DynamoDB, on which
// botocore 1.29 and @smithy/signature-v4 agree.
#include "protocol/sigv4/encode.hpp"
#include "protocol/sigv4/signer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace semantrix::sigv4 {
namespace {

constexpr Identity example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
constexpr std::chrono::sys_seconds example_time(std::chrono::seconds(1'440'938'160));

TEST(SigV4, SignsDynamoDbAsOthersDo) {
  constexpr std::string_view body =
      R"({"TableName":"semantrix","Key":{"k":{"S":"hello"}},"ConsistentRead":false})";
  const std::vector<Header> headers = {{"Host", "dynamodb.us-east-1.amazonaws.com"},
                                       {"Content-Type", "application/x-amz-json-1.0"},
                                       {"X-Amz-Target", "DynamoDB_20120810.GetItem"}};
  const std::string hash = body_hash(body);
  const Request request{"POST", "/", "", headers, hash};
  const Signer signer("us-east-1", "dynamodb");
  EXPECT_EQ(signer.sign(example, request, example_time).signature,
            "167d9496605aefe53c89d783e8c7ff261271b68dfba854009496b8585dcf71b4");
  Identity session = example;
  session.session_token = "TOKEN/EXAMPLE==";
  const HeaderSignature signature = signer.sign(session, request, example_time);
  EXPECT_EQ(signature.signature,
            "652df79e4869a633c6bdb2edccf12653e5f69353b236ecaf764f5b493e3ec867");
  EXPECT_EQ(signature.date, "20150830T123600Z");
  EXPECT_EQ(signature.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/dynamodb/aws4_request, "
            "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, "
            "Signature=652df79e4869a633c6bdb2edccf12653e5f69353b236ecaf764f5b493e3ec867");
}

TEST(SigV4, ShowsEachStep) {
  const std::vector<Header> headers = {{"Host", "example.amazonaws.com"}};
  const Request request{"GET", "/", "", headers, empty_body_hash};
  Identity session = example;
  session.session_token = "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267";
  const Signer signer("us-east-1", "service");
  const HeaderSignature made = signer.sign(session, request, example_time);
  EXPECT_EQ(made.string_to_sign,
            "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
            "067b36aa60031588cea4a4cde1f21215227a047690c72247f1d70b32fbbfad2b");
  EXPECT_EQ(made.signature, "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8");
  const QuerySignature link =
      signer.presign(session, request, example_time, std::chrono::seconds(3600));
  EXPECT_EQ(link.signature, "7ff2b50b376cb4d151970630573d6291dc128cc5c2a12ffb237f73cc53f67b6c");
  EXPECT_TRUE(link.query.ends_with("&X-Amz-Signature=" + link.signature));
}

TEST(SigV4, CanLeaveTheTokenOutOfTheSignature) {
  const std::vector<Header> headers = {{"Host", "example.amazonaws.com"}};
  const Request request{"POST", "/", "", headers, empty_body_hash};
  Identity session = example;
  session.session_token = "TOKEN";
  const Signer signer("us-east-1", "service", {.sign_session_token = false});
  EXPECT_EQ(signer.sign(session, request, example_time).signature,
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  const QuerySignature link =
      signer.presign(session, request, example_time, std::chrono::seconds(3600));
  EXPECT_EQ(link.signature, "2ce6e6d2e0cf2f9d1b55fafec88cd20574c31dc2e7631979f71ba2310083e95b");
  EXPECT_NE(link.query.find("X-Amz-Security-Token=TOKEN"), std::string::npos);
}

TEST(SigV4, ChangesItsKeyWithTheDayAndTheSecret) {
  const std::vector<Header> headers = {{"Host", "example.amazonaws.com"}};
  const Request request{"GET", "/", "", headers, empty_body_hash};
  const Signer kept("us-east-1", "service");
  const auto fresh = [&](const Identity& identity, std::chrono::sys_seconds now) {
    return Signer("us-east-1", "service").sign(identity, request, now).signature;
  };
  const Identity other{"AKIDEXAMPLE", "another"};
  const auto tomorrow = example_time + std::chrono::days(1);
  for (const auto now : {example_time, tomorrow, example_time}) {
    for (const Identity& identity : {example, other, example}) {
      EXPECT_EQ(kept.sign(identity, request, now).signature, fresh(identity, now));
    }
  }
}

TEST(SigV4, PutsPathsIntoOneForm) {
  const Dialect plain{.normalize_path = false};
  EXPECT_EQ(canonical_path("/a/../b//c/./", {}), "/b/c/");
  EXPECT_EQ(canonical_path("/..", {}), "/");
  EXPECT_EQ(canonical_path("", {}), "/");
  EXPECT_EQ(canonical_path("//a/./b", plain), "//a/./b");
  EXPECT_EQ(canonical_path("/a%20b", {}), "/a%2520b");
}

TEST(SigV4, SortsQueriesByWhatIsSent) {
  EXPECT_EQ(canonical_query("b=2&a=%7e&a=1&c"), "a=1&a=~&b=2&c=");
  EXPECT_EQ(canonical_query("a=x y&A=%zz+"), "A=%25zz%2B&a=x%20y");
  EXPECT_EQ(canonical_query(""), "");
}

TEST(SigV4, FoldsHeaders) {
  const std::vector<Header> headers = {{"B", "2"},
                                       {"a", "  x\t y\r\n  z "},
                                       {"B", "1"},
                                       {"User-Agent", "u"},
                                       {"Expect", "100"},
                                       {"connection", "close"},
                                       {"Transfer-Encoding", "chunked"}};
  const CanonicalHeaders folded = canonical_headers(headers);
  EXPECT_EQ(folded, (CanonicalHeaders{{"a", "x y z"}, {"b", "2,1"}}));
  EXPECT_EQ(signed_header_names(folded), "a;b");
}

TEST(SigV4, WritesTimes) {
  EXPECT_EQ(timestamp(std::chrono::sys_seconds()), "19700101T000000Z");
  EXPECT_EQ(timestamp(std::chrono::sys_days{std::chrono::year(2024) / 2 / 29} +
                      std::chrono::seconds(86'399)),
            "20240229T235959Z");
}

}  // namespace
}  // namespace semantrix::sigv4
