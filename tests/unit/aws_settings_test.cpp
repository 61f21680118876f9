#include "aws_fixture.hpp"
#include "cloud/aws/elasticache_token.hpp"
#include "cloud/aws/endpoint.hpp"
#include "cloud/aws/profiles.hpp"
#include "cloud/aws/service_settings.hpp"

#include <array>
#include <string>
#include <string_view>

namespace semantrix::aws {
namespace {

std::string url_of(const Result<ServiceEndpoint>& endpoint) {
  return endpoint ? to_string(endpoint->url) : endpoint.error().message();
}

Profiles parse(std::string_view text, ProfileFile file = ProfileFile::config) {
  Profiles profiles;
  EXPECT_FALSE(add_profiles(profiles, text, file).has_error());
  return profiles;
}

TEST(AwsProfileFile, ReadsSectionsCommentsAndContinuations) {
  const Profiles profiles = parse(
      "# a comment\r\n[default]\r\nRegion = us-west-2 ; near\r\n\r\n"
      "[profile dev] # mine\naws_secret_access_key = a#b;c\nempty =\n"
      "s3 =\n  max = 3\n\tmin = 1\n[plugins]\nx\n[sso-session s]\nsso_region=eu-west-1\n");
  EXPECT_EQ(setting(*profiles.find("default"), "region"), "us-west-2");
  const Settings& dev = *profiles.find("dev");
  EXPECT_EQ(setting(dev, "aws_secret_access_key"), "a#b;c");
  EXPECT_EQ(setting(dev, "empty"), "");
  EXPECT_EQ(setting(nested_settings(setting(dev, "s3")), "min"), "1");
  EXPECT_EQ(setting(profiles.sso_sessions.at("s"), "sso_region"), "eu-west-1");
}

TEST(AwsProfileFile, NamesProfilesByTheFile) {
  EXPECT_NE(parse("[dev]\na=1", ProfileFile::credentials).find("dev"), nullptr);
  EXPECT_EQ(parse("[dev]\na=1").find("dev"), nullptr);
  const Profiles both = parse("[default]\na=1\n[profile default]\nb=2\n[default]\nc=3");
  EXPECT_EQ(*both.find("default"), (Settings{{"b", "2"}}));
}

TEST(AwsProfileFile, SaysWhichLineIsWrongAndNotWhatItHolds) {
  constexpr auto wrong = std::to_array<std::string_view>(
      {"[default\n", "secret = 1\n[default]", "[default]\nsecret\n", "[default]\n  secret = 1\n"});
  for (const std::string_view text : wrong) {
    Profiles profiles;
    const Result<void> added = add_profiles(profiles, text, ProfileFile::config);
    ASSERT_TRUE(added.has_error()) << text;
    EXPECT_EQ(added.error().code(), ErrorCode::invalid_argument);
    EXPECT_EQ(added.error().to_string().find("secret"), std::string::npos);
    EXPECT_TRUE(added.error().message().starts_with("line ")) << added.error().message();
  }
}

TEST(AwsProfiles, PreferTheCredentialsFileSettingBySetting) {
  PlayedSurroundings world;
  world.variables = {{"HOME", "/h"}, {"AWS_CONFIG_FILE", "~/c"}};
  world.files = {{"/h/c", "[default]\na = config\nb = config\n"},
                 {"/h/.aws/credentials", "[default]\na = credentials\n"}};
  const Result<Profiles> profiles = load_profiles(*world.share());
  ASSERT_FALSE(profiles.has_error());
  EXPECT_EQ(*profiles->find("default"), (Settings{{"a", "credentials"}, {"b", "config"}}));
  world.files["/h/c"] = "nonsense";
  const Result<Profiles> broken = load_profiles(*world.share());
  ASSERT_TRUE(broken.has_error());
  EXPECT_NE(broken.error().message().find("/h/c"), std::string::npos);
}

TEST(AwsEndpoint, FollowsTheRules) {
  const auto dynamodb = [](const EndpointQuestion& question) {
    return url_of(dynamodb_endpoint(question));
  };
  EXPECT_EQ(dynamodb({.region = "eu-central-1"}), "https://dynamodb.eu-central-1.amazonaws.com");
  EXPECT_EQ(dynamodb({.region = "cn-north-1"}), "https://dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(dynamodb({.region = "us-east-2", .dual_stack = true}),
            "https://dynamodb.us-east-2.api.aws");
  EXPECT_EQ(dynamodb({.region = "us-east-2", .fips = true}),
            "https://dynamodb-fips.us-east-2.amazonaws.com");
  EXPECT_EQ(dynamodb({.region = "us-gov-west-1", .fips = true}),
            "https://dynamodb.us-gov-west-1.amazonaws.com");
  EXPECT_EQ(dynamodb({.region = "local"}), "http://localhost:8000");
  EXPECT_EQ(dynamodb_endpoint({.region = "local"})->signing_region, "us-east-1");
  EXPECT_EQ(dynamodb({.region = "us-east-1",
                      .account_id = "123456789012",
                      .account_endpoint = AccountEndpoint::preferred}),
            "https://123456789012.ddb.us-east-1.amazonaws.com");
  EXPECT_EQ(dynamodb({.endpoint_url = "http://127.0.0.1:8000"}), "http://127.0.0.1:8000");
  EXPECT_EQ(url_of(regional_endpoint("sts", {.region = "eu-west-1"})),
            "https://sts.eu-west-1.amazonaws.com");
}

TEST(AwsEndpoint, RefusesWhatDoesNotExist) {
  const auto code = [](const EndpointQuestion& question) {
    const auto endpoint = dynamodb_endpoint(question);
    return endpoint ? ErrorCode::internal : endpoint.error().code();
  };
  EXPECT_EQ(code({}), ErrorCode::missing_configuration);
  EXPECT_EQ(code({.region = "evil.example/"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.region = "us-east-1", .endpoint_url = "dynamodb"}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.region = "local", .fips = true}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({.region = "us-east-1", .endpoint_url = "http://a", .dual_stack = true}),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code({.region = "us-east-1", .account_endpoint = AccountEndpoint::required}),
            ErrorCode::invalid_argument);
}

/// Region and endpoint of DynamoDB in such a world.
EndpointQuestion settings(const PlayedSurroundings& world, EndpointQuestion options = {}) {
  const auto profiles = load_profiles(*world.share());
  EXPECT_FALSE(profiles.has_error());
  const auto found = service_settings(*world.share(), *profiles, profile_name(*world.share(), ""),
                                      "dynamodb", std::move(options));
  EXPECT_FALSE(found.has_error());
  return found ? *found : EndpointQuestion();
}

TEST(AwsSettings, PreferTheOptionThenTheVariablesThenTheProfile) {
  PlayedSurroundings world;
  world.variables = {{"HOME", "/h"}};
  world.files = {{"/h/.aws/config",
                  "[default]\nregion = p\nendpoint_url = http://p\nservices = mine\n"
                  "[services mine]\ndynamodb =\n  endpoint_url = http://s\n"}};
  EXPECT_EQ(settings(world).region, "p");
  EXPECT_EQ(settings(world).endpoint_url, "http://s");
  world.variables["AWS_DEFAULT_REGION"] = "d";
  world.variables["AWS_ENDPOINT_URL"] = "http://e";
  EXPECT_EQ(settings(world).region, "d");
  EXPECT_EQ(settings(world).endpoint_url, "http://e");
  world.variables["AWS_REGION"] = "r";
  world.variables["AWS_ENDPOINT_URL_DYNAMODB"] = "http://d";
  EXPECT_EQ(settings(world).region, "r");
  EXPECT_EQ(settings(world).endpoint_url, "http://d");
  EXPECT_EQ(settings(world, {.region = "o", .endpoint_url = "http://o"}).region, "o");
  EXPECT_EQ(settings(world, {.endpoint_url = "http://o"}).endpoint_url, "http://o");
  world.variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(settings(world).endpoint_url, "");
  EXPECT_EQ(settings(world, {.endpoint_url = "http://o"}).endpoint_url, "http://o");
}

TEST(AwsSettings, AskTheMachineLast) {
  PlayedSurroundings world;
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    if (arrival.request.method == "PUT") return http_answer(200, "token");
    EXPECT_EQ(arrival.url, "http://169.254.169.254/latest/meta-data/placement/region");
    EXPECT_EQ(arrival.header("X-aws-ec2-metadata-token"), "token");
    return http_answer(200, "ap-south-1");
  });
  auto found = run(find_service_settings(world.share(), "", "dynamodb", {}, soon()));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->region, "ap-south-1");
  world.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  found = run(find_service_settings(world.share(), "", "dynamodb", {}, soon()));
  ASSERT_TRUE(found && !*found);
  EXPECT_EQ(found->error().code(), ErrorCode::missing_configuration);
}

TEST(AwsSettings, AskNobodyWhenBothAreGiven) {
  PlayedSurroundings world;
  world.files = {{"/.aws/config", "nonsense"}};
  auto found = run(find_service_settings(world.share(), "", "dynamodb",
                                         {.region = "r", .endpoint_url = "http://e"}, soon()));
  ASSERT_TRUE(found && *found);
  EXPECT_TRUE(world.transport->arrivals().empty());
}

TEST(ElastiCacheToken, KnowsCachesByTheirHosts) {
  const auto name = [](std::string_view host) { return cache_of_host(host); };
  EXPECT_EQ(name("master.My-Group.abc123.use1.cache.amazonaws.com"),
            (CacheName{"my-group", false}));
  EXPECT_EQ(name("clustercfg.g.abc123.use1.cache.amazonaws.com"), (CacheName{"g", false}));
  EXPECT_EQ(name("g-001.g.abc123.use1.cache.amazonaws.com.cn"), (CacheName{"g", false}));
  EXPECT_EQ(name("my-cache-abc123.serverless.use1.cache.amazonaws.com"),
            (CacheName{"my-cache", true}));
  EXPECT_EQ(name("127.0.0.1"), std::nullopt);
  EXPECT_EQ(name("cache.example.com"), std::nullopt);
}

TEST(ElastiCacheToken, IsASignedRequestWithoutItsScheme) {
  const Credentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
  const sigv4::Signer signer("us-east-1", "elasticache");
  const std::chrono::sys_seconds now(std::chrono::seconds(1'440'938'160));
  const std::string token =
      elasticache_token(signer, {"my-cache", true}, "app user", credentials, now);
  EXPECT_TRUE(token.starts_with(
      "my-cache/?Action=connect&User=app%20user&ResourceType=ServerlessCache&X-Amz-Algorithm="))
      << token;
  EXPECT_NE(token.find("&X-Amz-Expires=900"), std::string::npos);
  const std::string plain = elasticache_token(signer, {"my-cache", false}, "app", credentials, now);
  EXPECT_EQ(plain.find("ResourceType"), std::string::npos);
}

}  // namespace
}  // namespace semantrix::aws
