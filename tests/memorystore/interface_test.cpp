// Google's administrative interface: what the store makes of its answers.
#include "cloud/gcp/memorystore.hpp"
#include "memorystore/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <atomic>

namespace semantrix::testing {
namespace {

namespace json = boost::json;

std::optional<HttpReply> usual() { return std::nullopt; }

TEST_F(MemorystoreTest, a_missing_permission_is_named) {
  google_.fail([](const HttpArrival&) {
    return refusal(403, "PERMISSION_DENIED", "no",
                   R"("reason":"IAM_PERMISSION_DENIED","domain":"iam.googleapis.com",)"
                   R"("metadata":{"permission":"redis.instances.get"})");
  });
  const ErrorInfo error = first_error(patient());
  EXPECT_EQ(error.code, ErrorCode::permission_denied);
  EXPECT_NE(error.remedy.find("redis.instances.get"), std::string::npos);
}

TEST_F(MemorystoreTest, a_disabled_interface_says_how_to_enable_it) {
  google_.fail([](const HttpArrival&) {
    return refusal(403, "PERMISSION_DENIED", "it is off",
                   R"("reason":"SERVICE_DISABLED","metadata":{"service":"redis.googleapis.com"})");
  });
  const ErrorInfo error = first_error(patient());
  EXPECT_EQ(error.code, ErrorCode::permission_denied);
  EXPECT_EQ(error.remedy, "enable the interface: gcloud services enable redis.googleapis.com");
  EXPECT_EQ(error.server_message, "it is off");
}

TEST_F(MemorystoreTest, another_region_is_told) {
  google_.fail([](const HttpArrival& arrival) {
    if (arrival.target != "/v1/projects/p/locations/-/instances") return usual();
    return std::optional(document(json::parse(R"({"instances":[
        {"name":"projects/p/locations/europe-west1/instances/cache"}]})")
                                      .as_object()));
  });
  Google::Instance none;
  none.exists = false;
  google_.set(none);
  const ErrorInfo error = first_error(patient());
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_EQ(error.remedy, "there is one in europe-west1: set region to europe-west1");
}

TEST_F(MemorystoreTest, a_refused_token_is_renewed_once) {
  start();
  GoogleMemorystoreOptions renewing = patient();
  renewing.google.access_token.clear();
  auto asked = std::make_shared<std::atomic<int>>(0);
  renewing.google.credentials = [asked]() -> boost::asio::awaitable<Result<GoogleAccessToken>> {
    GoogleAccessToken token;
    token.token = ++*asked == 1 ? "stale" : "token";
    co_return token;
  };
  Client store = client_of(renewing);
  store.add("key", "value");
  EXPECT_EQ(*asked, 2);
  renewing.google.credentials = {};
  renewing.google.access_token = "stale";
  EXPECT_EQ(first_error(renewing).code, ErrorCode::authentication_failed);
}

TEST_F(MemorystoreTest, what_may_pass_is_asked_again) {
  start();
  auto left = std::make_shared<std::atomic<int>>(3);
  google_.fail([left](const HttpArrival&) -> std::optional<HttpReply> {
    switch ((*left)--) {
      case 3:
        return refusal(429, "RESOURCE_EXHAUSTED", "slower");
      case 2:
        return HttpReply{http_response(503, "<html>503</html>")};
      case 1:
        return HttpReply{"", true};
      default:
        return std::nullopt;
    }
  });
  Client store = client_of(patient());
  store.add("key", "value");
  EXPECT_LT(*left, 0);
}

TEST_F(MemorystoreTest, a_page_of_html_is_quoted_on_one_line) {
  google_.fail([](const HttpArrival&) {
    return HttpReply{http_response(404, "<html>\n<b>not here</b>\n</html>")};
  });
  GoogleMemorystoreOptions creating = patient();
  const ErrorInfo error = first_error(creating);
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  google_.fail([](const HttpArrival&) { return HttpReply{http_response(200, "<html></html>")}; });
  EXPECT_EQ(first_error(creating).code, ErrorCode::protocol_error);
  google_.fail([](const HttpArrival&) {
    return HttpReply{http_response(400, "<html>\n<b>bad</b>\n</html>")};
  });
  EXPECT_EQ(first_error(creating).server_message, "<html> <b>bad</b> </html>");
}

/// Google creates an instance: first it is being made, then it is the one that runs.
class MemorystoreCreation : public MemorystoreTest {
 protected:
  MemorystoreCreation() {
    Google::Instance none;
    none.exists = false;
    google_.set(none);
  }
  [[nodiscard]] GoogleMemorystoreOptions creating() const {
    GoogleMemorystoreOptions creating = patient();
    creating.create_if_missing = true;
    creating.memory_size_gb = 2;
    creating.tier = MemorystoreTier::standard_ha;
    creating.redis_version = "REDIS_7_0";
    creating.authorized_network = "projects/p/global/networks/default";
    return creating;
  }
  static constexpr std::string_view creation =
      "/v1/projects/p/locations/us-central1/instances?instanceId=cache";
  static constexpr std::string_view operation = "projects/p/locations/us-central1/operations/o";
};

TEST_F(MemorystoreCreation, asks_once_and_waits_until_it_is_there) {
  google_.fail([](const HttpArrival& arrival) {
    if (arrival.method != "POST") return usual();
    return std::optional(document({{"name", operation}, {"done", false}}));
  });
  Client store = client_of(creating());
  EXPECT_EQ(ending_of_get(store, "key").code(), ErrorCode::unavailable);
  EXPECT_EQ(google_.count("POST", creation), 1U);
  for (const HttpArrival& each : google_.server().arrivals()) {
    if (each.method != "POST") continue;
    const json::object body = json::parse(each.body).as_object();
    EXPECT_EQ(body.at("tier"), "STANDARD_HA");
    EXPECT_EQ(body.at("memorySizeGb"), 2);
    EXPECT_EQ(body.at("redisVersion"), "REDIS_7_0");
    EXPECT_EQ(body.at("authorizedNetwork"), "projects/p/global/networks/default");
  }
  start();
  EXPECT_TRUE(works_again(store));
  EXPECT_EQ(google_.count("POST", creation), 1U);
}

TEST_F(MemorystoreCreation, a_failed_operation_says_why) {
  google_.fail([](const HttpArrival& arrival) {
    if (arrival.method == "POST") return std::optional(document({{"name", operation}}));
    if (!arrival.target.ends_with("/operations/o")) return usual();
    return std::optional(
        document(json::parse(R"({"name":"o","done":true,"error":{"code":8,"message":"no quota"}})")
                     .as_object()));
  });
  Client store = client_of(creating());
  EXPECT_TRUE(comes_true([&] {
    const Ending ending = ending_of_get(store, "key");
    return ending.error && ending.error->info().server_message == "no quota";
  }));
}

TEST_F(MemorystoreCreation, adopts_what_others_have_made) {
  for (const int status : {409, 500}) {
    google_.fail([status](const HttpArrival& arrival) {
      if (arrival.method != "POST") return usual();
      return std::optional(refusal(status, status == 409 ? "ALREADY_EXISTS" : "INTERNAL", "?"));
    });
    Google::Instance none;
    none.exists = false;
    google_.set(none);
    Client store = client_of(creating());
    EXPECT_TRUE(ending_of_get(store, "key").error.has_value());
    start();
    EXPECT_TRUE(works_again(store));
  }
}

TEST_F(MemorystoreCreation, nothing_is_created_unasked) {
  EXPECT_EQ(first_error(patient()).code, ErrorCode::invalid_argument);
  EXPECT_EQ(google_.count("POST", creation), 0U);
}

TEST_F(MemorystoreTest, lists_every_page_of_every_region) {
  const std::string folder = "/v1/projects/p/locations/-/instances";
  google_.fail([folder](const HttpArrival& arrival) -> std::optional<HttpReply> {
    std::string page = R"({"instances":[{"name":"projects/p/locations/a/instances/one"}],)"
                       R"("nextPageToken":"2 &"})";
    if (arrival.target == folder + "?pageToken=2%20%26") page = R"({"nextPageToken":"3"})";
    if (arrival.target == folder + "?pageToken=3") {
      page = R"({"instances":[{"name":"projects/p/locations/c/instances/-"},
          {"name":"projects/p/locations/b/instances/two"}],
          "unreachable":["projects/p/locations/c"]})";
    }
    return document(json::parse(page).as_object());
  });
  const GoogleAccess access = options().google;
  const MemorystoreInstances found =
      await(GoogleMemorystoreCacheStore::list_instances("p", "-", access));
  ASSERT_EQ(found.instances.size(), 2U);
  EXPECT_EQ(found.instances[0].instance_id, "one");
  EXPECT_EQ(found.instances[1].region, "b");
  EXPECT_EQ(found.unreachable, std::vector<std::string>{"c"});
}

boost::asio::awaitable<void> waits(gcp::Memorystore& google, std::string name,
                                   gcp::Memorystore::Progress progress, milliseconds patience,
                                   std::optional<Result<void>>& outcome) {
  auto waiting = google.wait(std::move(name), {milliseconds(5), milliseconds(20)},
                             std::move(progress), steady_clock::now() + patience);
  outcome = co_await std::move(waiting);
}

TEST_F(MemorystoreTest, an_operation_is_polled_and_resumed_by_its_name) {
  auto polls = std::make_shared<std::atomic<int>>(0);
  google_.fail([polls](const HttpArrival&) {
    const bool done = ++*polls > 30;
    return document({{"name", "projects/p/locations/r/operations/o"}, {"done", done}});
  });
  int told = 0;
  boost::asio::io_context context;
  gcp::Memorystore google(context.get_executor(), options().google, MemorystoreFlavor::redis);
  const auto wait = [&](milliseconds patience) {
    std::optional<Result<void>> outcome;
    const auto progress = [&told](const gcp::Operation&, milliseconds) { ++told; };
    auto work = waits(google, "projects/p/locations/r/operations/o", progress, patience, outcome);
    boost::asio::co_spawn(context, std::move(work), boost::asio::detached);
    context.restart();
    const auto end = steady_clock::now() + slack;
    while (!outcome && steady_clock::now() < end) context.run_one_for(slack);
    return outcome.value_or(Error());
  };
  const Result<void> cut_short = wait(milliseconds(60));
  ASSERT_FALSE(cut_short);
  EXPECT_EQ(cut_short.error().code(), ErrorCode::timeout);
  EXPECT_TRUE(wait(slack));
  EXPECT_GE(told, 30);
  google.close();
  context.restart();
  context.run_for(milliseconds(50));
}

TEST(MemorystoreOptions, are_checked_by_name) {
  const auto message_of = [](auto change) -> std::string {
    GoogleMemorystoreOptions options;
    options.project_id = "p";
    options.region = "r";
    options.instance_id = "i";
    change(options);
    try {
      const GoogleMemorystoreCacheStore store(options);
    } catch (const CacheError& refused) {
      EXPECT_EQ(refused.code(), ErrorCode::invalid_argument);
      return refused.error().message();
    }
    return "";
  };
  using Options = GoogleMemorystoreOptions;
  EXPECT_EQ(message_of([](Options&) {}), "");
  EXPECT_NE(message_of([](Options& o) { o.project_id = ""; }).find("project_id"),
            std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.region = "a/b"; }).find("region"), std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.instance_id = "I"; }).find("instance_id"),
            std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.memory_size_gb = 0; }).find("memory_size_gb"),
            std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.connect_to = "://"; }).find("connect_to"),
            std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.google.endpoint_url = "x"; }).find("endpoint_url"),
            std::string::npos);
  EXPECT_NE(message_of([](Options& o) { o.network.retry_attempts = -1; }).find("retry_attempts"),
            std::string::npos);
}

}  // namespace
}  // namespace semantrix::testing
