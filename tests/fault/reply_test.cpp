// Answers that no real server gives. Nothing of them may reach a caller, crash, hang, or be left
// over for the next call.
#include "integration/subject.hpp"
#include "support/scripted_server.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace semantrix::testing {
namespace {

using Answers = std::map<std::string, std::string>;

Answers answering(const std::string& command, std::string reply) {
  Answers answers = redis_handshake();
  answers[command] = std::move(reply);
  return answers;
}

/// A connection on which every GET is answered well.
Dialogue good() { return {AnswerUntil{"", answering("GET", "$4\r\ngood\r\n")}}; }

/// A connection whose first GET is answered with these bytes; then what is said.
Dialogue bad(std::string reply, std::vector<Step> then = {}) {
  Dialogue dialogue{AnswerUntil{"GET", redis_handshake()}, Send{std::move(reply)}};
  dialogue.insert(dialogue.end(), then.begin(), then.end());
  return dialogue;
}

ElastiCacheOptions options_of(const ScriptedServer& server) {
  ElastiCacheOptions options = options_at(server.endpoint());
  options.cluster = ClusterMode::off;
  options.network.max_pool_connections = 1;
  options.network.retry_attempts = 0;
  return options;
}

void expect_good(Client& store, const std::string& after) {
  EXPECT_TRUE(comes_true([&] {
    try {
      const auto found = store.get("next");
      EXPECT_EQ(found, Value("good")) << ::testing::PrintToString(after.substr(0, 80));
      return true;
    } catch (const CacheError&) {
      return false;
    }
  }));
}

std::string repeated(std::size_t times, const std::string& text) {
  std::string all;
  all.reserve(times * text.size());
  for (std::size_t i = 0; i != times; ++i) all += text;
  return all;
}

TEST(Reply, what_is_malformed_is_a_protocol_error_and_ends_the_connection) {
  const std::vector<std::string> replies{"$\r\n",
                                         "$18446744073709551615\r\n",
                                         "$9223372036854775807\r\n",
                                         "$99999999999999999999999\r\n",
                                         "$-2\r\n",
                                         "$+4\r\ngood\r\n",
                                         "$4x\r\ngood\r\n",
                                         "$ 4\r\ngood\r\n",
                                         "$4\r\ngoodXX",
                                         "$3\r\ngood\r\n",
                                         "*18446744073709551615\r\n",
                                         "*4294967295\r\n$1\r\na\r\n",
                                         "%9223372036854775807\r\n",
                                         ":\r\n",
                                         ":1x\r\n",
                                         "#maybe\r\n",
                                         "@what\r\n",
                                         "HTTP/1.1 400 Bad Request\r\n\r\n",
                                         std::string("\0\0\0\0", 4),
                                         "\r\n",
                                         repeated(100'000, "*1\r\n"),
                                         repeated(1'000, "%1\r\n+k\r\n"),
                                         "+no end" + std::string(5'000'000, '.')};
  for (const std::string& reply : replies) {
    ScriptedServer server({bad(reply), good()});
    Client store = client_of(options_of(server));
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::protocol_error)
        << ::testing::PrintToString(reply.substr(0, 80)) << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, slack);
    expect_good(store, reply);
    EXPECT_EQ(server.connections(), 2U);
  }
}

TEST(Reply, what_no_get_is_answered_with_is_a_protocol_error) {
  for (const std::string reply : {":5\r\n", "*0\r\n", "*1\r\n$4\r\ngood\r\n", "%0\r\n", "#t\r\n",
                                  "-ERR something of its own\r\n"}) {
    ScriptedServer server(
        {bad(reply, {AnswerUntil{"", answering("GET", "$4\r\ngood\r\n")}}), good()});
    Client store = client_of(options_of(server));
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::protocol_error)
        << reply << ::testing::PrintToString(ending);
    expect_good(store, reply);
  }
}

TEST(Reply, what_is_unusual_and_right_is_taken) {
  const std::vector<std::pair<std::string, std::optional<Value>>> replies{
      {"$-1\r\n", std::nullopt},
      {"_\r\n", std::nullopt},
      {"$0\r\n\r\n", Value("")},
      {">2\r\n+message\r\n+hello\r\n$4\r\nmine\r\n", Value("mine")},
      {">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\na\r\n$4\r\nmine\r\n", Value("mine")},
      {"|1\r\n+ttl\r\n:3600\r\n$4\r\nmine\r\n", Value("mine")}};
  for (const auto& [reply, value] : replies) {
    ScriptedServer server({bad(reply, {AnswerUntil{"", answering("GET", "$4\r\ngood\r\n")}})});
    Client store = client_of(options_of(server));
    EXPECT_EQ(store.get("key"), value) << reply;
    expect_good(store, reply);
    EXPECT_EQ(server.connections(), 1U) << reply;
  }
}

TEST(Reply, a_reply_that_nobody_asked_for_ends_the_connection) {
  for (const std::string extra : {"$6\r\nwicked\r\n", "+OK\r\n", "_\r\n"}) {
    ScriptedServer server({bad("$4\r\nmine\r\n" + extra), good()});
    Client store = client_of(options_of(server));
    EXPECT_EQ(store.get("key"), Value("mine"));
    EXPECT_TRUE(comes_true([&] { return server.connections() == 2; })) << extra;
    expect_good(store, extra);
  }
}

TEST(Reply, a_reply_before_the_first_request_ends_the_connection) {
  Dialogue early{AnswerUntil{"PAUSE", redis_handshake()}};
  early.insert(early.begin(), Send{"$6\r\nwicked\r\n"});
  ScriptedServer server({early, good()});
  Client store = client_of(options_of(server));
  std::optional<Value> found;
  const Ending ending = ending_of([&] { return found = store.get("key"); });
  EXPECT_NE(found, Value("wicked"));
  EXPECT_LT(ending.took, slack);
  expect_good(store, "wicked");
}

TEST(Reply, half_a_reply_and_then_the_end) {
  for (const std::vector<Step>& end : {std::vector<Step>{Close{}}, std::vector<Step>{Reset{}}}) {
    for (const std::string half : {"$", "$4", "$4\r", "$4\r\n", "$4\r\ngo", "$4\r\ngood",
                                   "$4\r\ngood\r", "$100000\r\nmuch less"}) {
      ScriptedServer server({bad(half, end), good()});
      Client store = client_of(options_of(server));
      const Ending ending = ending_of_get(store, "key");
      EXPECT_EQ(ending.code(), ErrorCode::connection_lost)
          << half << ::testing::PrintToString(ending);
      EXPECT_LT(ending.took, slack);
      expect_good(store, half);
    }
  }
}

TEST(Reply, half_a_reply_and_then_nothing) {
  for (const std::string half : {"$4\r\ngo", "*1000\r\n$1\r\na\r\n", ""}) {
    ScriptedServer server({bad(half), good()});
    ElastiCacheOptions options = options_of(server);
    options.network.read_timeout = milliseconds(300);
    options.network.deadline = milliseconds(900);
    Client store = client_of(options);
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::timeout) << half << ::testing::PrintToString(ending);
    EXPECT_GE(ending.took, milliseconds(290));
    EXPECT_LT(ending.took, milliseconds(900) + slack);
    expect_good(store, half);
  }
}

TEST(Reply, an_answer_and_then_silence) {
  ScriptedServer server({bad("$4\r\nmine\r\n"), good()});
  ElastiCacheOptions options = options_of(server);
  options.network.read_timeout = milliseconds(300);
  options.network.deadline = milliseconds(900);
  Client store = client_of(options);
  EXPECT_EQ(store.get("key"), Value("mine"));
  const Ending ending = ending_of_get(store, "key");
  EXPECT_EQ(ending.code(), ErrorCode::timeout) << ::testing::PrintToString(ending);
  EXPECT_LT(ending.took, milliseconds(900) + slack);
  expect_good(store, "silence");
}

TEST(Reply, a_late_answer_is_dropped_and_the_next_is_the_next_calls) {
  Dialogue dialogue{AnswerUntil{"GET", redis_handshake()}, Pause{}, Send{"$6\r\nsecret\r\n"},
                    AnswerUntil{"", answering("GET", "$4\r\ngood\r\n")}};
  ScriptedServer server({dialogue, good()});
  ElastiCacheOptions options = options_of(server);
  options.network.read_timeout = milliseconds(200);
  options.network.deadline = milliseconds(600);
  Client store = client_of(options);
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::timeout);
  server.resume();
  expect_good(store, "late");
}

TEST(Reply, a_batch_that_is_answered_with_too_few_or_too_many) {
  for (const std::string reply : {"*1\r\n$1\r\na\r\n", "*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n",
                                  "*0\r\n", "$1\r\na\r\n", "_\r\n"}) {
    ScriptedServer server({{AnswerUntil{"", answering("MGET", reply)}}, good()});
    Client store = client_of(options_of(server));
    const Ending ending = ending_of([&] { return store.batch_get({"one", "two"}); });
    EXPECT_EQ(ending.code(), ErrorCode::protocol_error)
        << reply << ::testing::PrintToString(ending);
  }
}

TEST(Reply, a_greeting_that_is_no_redis) {
  for (const std::string reply :
       {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH\r\n", "$-2\r\n", "ERROR\r\n",
        "+OK\r\n", ":1\r\n", "$6\r\nwicked\r\n", "_\r\n"}) {
    ScriptedServer server({{AnswerUntil{"", answering("HELLO", reply)}}});
    Client store = client_of(options_of(server));
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::protocol_error)
        << reply << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, slack);
  }
}

TEST(Reply, a_greeting_that_never_ends) {
  for (const std::string half : {"", "%7\r\n+server\r\n", ">1\r\n+push\r\n"}) {
    ScriptedServer server({{AnswerUntil{"", answering("HELLO", half)}}});
    ElastiCacheOptions options = options_of(server);
    options.network.connect_timeout = milliseconds(300);
    Client store = client_of(options);
    const Ending ending = ending_of_get(store, "key");
    EXPECT_EQ(ending.code(), ErrorCode::timeout) << half << ::testing::PrintToString(ending);
    EXPECT_LT(ending.took, milliseconds(300) + slack);
  }
}

TEST(Reply, a_push_before_the_greeting_is_no_greeting) {
  const std::string push = ">2\r\n+message\r\n+hello\r\n";
  Answers answers = answering("HELLO", push + redis_handshake().at("HELLO") + push);
  answers["GET"] = "$4\r\ngood\r\n";
  ScriptedServer server({{AnswerUntil{"", answers}}});
  Client store = client_of(options_of(server));
  EXPECT_EQ(store.get("key"), Value("good"));
  EXPECT_EQ(server.connections(), 1U);
}

/// Never the answer to the first request.
TEST(Reply, what_follows_the_greeting_is_nobodys) {
  Answers answers = answering("HELLO", redis_handshake().at("HELLO") + "$6\r\nwicked\r\n");
  answers["GET"] = "$4\r\ngood\r\n";
  ScriptedServer server({{AnswerUntil{"", answers}}, good()});
  Client store = client_of(options_of(server));
  std::optional<Value> found;
  static_cast<void>(ending_of([&] { return found = store.get("key"); }));
  EXPECT_NE(found, Value("wicked"));
  expect_good(store, "wicked");
}

TEST(Reply, a_server_that_leaves_during_the_greeting) {
  ScriptedServer server(
      {{ExpectCommand{"HELLO"}, Close{}}, {ExpectCommand{"HELLO"}, Reset{}}, good()});
  Client store = client_of(options_of(server));
  const Ending ending = ending_of_get(store, "key");
  ASSERT_TRUE(ending.error.has_value());
  EXPECT_EQ(exit_status(*ending.code()), 3) << ::testing::PrintToString(ending);
  EXPECT_TRUE(ending.error->retryable());
  expect_good(store, "leaving");
}

TEST(Reply, errors_that_time_cures_are_tried_again) {
  for (const std::string error :
       {"-LOADING Redis is loading\r\n", "-TRYAGAIN wait\r\n", "-CLUSTERDOWN down\r\n",
        "-MASTERDOWN gone\r\n", "-BUSY a script\r\n", "-READONLY a replica\r\n"}) {
    ScriptedServer server(
        {bad(error, {AnswerUntil{"", answering("GET", "$4\r\ngood\r\n")}}), good()});
    ElastiCacheOptions options = options_of(server);
    options.network.retry_attempts = 3;
    Client store = client_of(options);
    EXPECT_EQ(store.get("key"), Value("good")) << error;
    EXPECT_EQ(store.stats().retries, 1U) << error;
  }
}

}  // namespace
}  // namespace semantrix::testing
