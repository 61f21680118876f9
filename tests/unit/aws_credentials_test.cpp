#include "aws_fixture.hpp"
#include "cloud/access/net_transport.hpp"
#include "cloud/aws/callback_credentials.hpp"
#include "cloud/aws/container_credentials.hpp"
#include "cloud/aws/credentials_chain.hpp"
#include "cloud/aws/environment_credentials.hpp"
#include "cloud/aws/machine_credentials.hpp"
#include "cloud/aws/profile_credentials.hpp"
#include "cloud/aws/web_identity_credentials.hpp"
#include "support/http_server.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace semantrix::aws {
namespace {

constexpr std::string_view document =
    R"({"Code":"Success","AccessKeyId":"AK","SecretAccessKey":"very-secret","Token":"T",)"
    R"("Expiration":"2030-01-31T12:00:00Z","AccountId":"123456789012"})";

constexpr std::string_view sts_reply =
    "<R><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser>"
    "<Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>very-secret</SecretAccessKey>"
    "<SessionToken>T&amp;</SessionToken><Expiration>2030-01-31T12:00:00Z</Expiration>"
    "</Credentials></R>";

constexpr std::chrono::sys_seconds document_expiry(std::chrono::seconds(1'896'091'200));

template <class Source>
Found ask(const PlayedSurroundings& world) {
  Source source(world.share());
  return aws::ask(source);
}

Found ask_profile(const PlayedSurroundings& world, const std::string& profile = "") {
  ProfileCredentials source(world.share(), profile);
  return aws::ask(source);
}

std::string key_of(const Found& found) {
  if (!found) return found.error().to_string();
  return *found ? (*found)->access_key_id : "nothing";
}

ErrorCode code_of(const Found& found) { return found ? ErrorCode::internal : found.error().code(); }

TEST(AwsEnvironment, HasBothKeysOrNone) {
  PlayedSurroundings world;
  EXPECT_EQ(key_of(ask<EnvironmentCredentials>(world)), "nothing");
  world.variables = {{"AWS_ACCESS_KEY_ID", "AK"}};
  EXPECT_EQ(code_of(ask<EnvironmentCredentials>(world)), ErrorCode::no_credentials);
  world.variables["AWS_SECRET_ACCESS_KEY"] = "very-secret";
  world.variables["AWS_SESSION_TOKEN"] = "T";
  world.variables["AWS_CREDENTIAL_EXPIRATION"] = "2030-01-31T13:00:00+01:00";
  const Found found = ask<EnvironmentCredentials>(world);
  ASSERT_EQ(key_of(found), "AK");
  EXPECT_EQ((*found)->session_token, "T");
  EXPECT_EQ((*found)->expires, document_expiry);
  world.variables["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  EXPECT_EQ(code_of(ask<EnvironmentCredentials>(world)), ErrorCode::invalid_argument);
}

TEST(AwsContainer, SendsTheTokenOfItsFile) {
  PlayedSurroundings world;
  EXPECT_EQ(key_of(ask<ContainerCredentials>(world)), "nothing");
  world.variables = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost:1/c"},
                     {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}};
  EXPECT_EQ(code_of(ask<ContainerCredentials>(world)), ErrorCode::no_credentials);
  for (const std::string_view token : {"first\n", "second"}) {
    world.files["/token"] = token;
    world.answer([&](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
      EXPECT_EQ(arrival.header("Authorization"), token.substr(0, token.find('\n')));
      return http_answer(200, std::string(document));
    });
    EXPECT_EQ(key_of(ask<ContainerCredentials>(world)), "AK");
  }
  world.files["/token"] = "a\r\nX-Other: b";
  EXPECT_EQ(code_of(ask<ContainerCredentials>(world)), ErrorCode::invalid_argument);
}

TEST(AwsContainer, AsksNobodyInTheClearButAgents) {
  constexpr auto refused = std::to_array<std::string_view>(
      {"http://192.0.2.1/c", "http://agent.example/c", "http://[fd00:ec2::24]/c"});
  constexpr auto taken = std::to_array<std::string_view>(
      {"https://192.0.2.1/c", "http://169.254.170.23/c", "http://[fd00:ec2::23]/c",
       "http://127.0.0.1:8/c", "http://[::1]/c"});
  PlayedSurroundings world;
  world.answer([](const auto&) -> Result<net::HttpResponse> {
    return http_answer(200, std::string(document));
  });
  for (const std::string_view url : refused) {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_EQ(code_of(ask<ContainerCredentials>(world)), ErrorCode::invalid_argument) << url;
  }
  EXPECT_TRUE(world.transport->arrivals().empty());
  for (const std::string_view url : taken) {
    world.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = url;
    EXPECT_EQ(key_of(ask<ContainerCredentials>(world)), "AK") << url;
  }
}

TEST(AwsContainer, SaysWhatTheAgentAnswers) {
  PlayedSurroundings world;
  world.variables = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/c"}};
  const auto answered = [&](int status, const std::string& body) {
    world.answer(
        [=](const auto&) -> Result<net::HttpResponse> { return http_answer(status, body); });
    return ask<ContainerCredentials>(world);
  };
  EXPECT_EQ(code_of(answered(403, R"({"message":"no"})")), ErrorCode::authentication_failed);
  EXPECT_EQ(code_of(answered(500, "<html>")), ErrorCode::unavailable);
  for (const std::string_view body : {"", "[]", "{", R"({"AccessKeyId":"very-secret"})"}) {
    const Found found = answered(200, std::string(body));
    EXPECT_EQ(code_of(found), ErrorCode::protocol_error) << body;
    EXPECT_EQ(found.error().to_string().find("very-secret"), std::string::npos);
  }
}

TEST(AwsMachine, UsesExpiredCredentialsOn) {
  PlayedSurroundings world;
  *world.clock = testing::StoppedClock(document_expiry + std::chrono::hours(1));
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    if (arrival.request.method == "PUT") return http_answer(200, "token");
    if (arrival.url.ends_with("/")) return http_answer(200, "role\n");
    EXPECT_TRUE(arrival.url.ends_with("/role")) << arrival.url;
    return http_answer(200, std::string(document));
  });
  const Found found = ask<MachineCredentials>(world);
  ASSERT_EQ(key_of(found), "AK");
  EXPECT_GT(*(*found)->expires, document_expiry + std::chrono::hours(1));
  EXPECT_EQ(world.transport->arrivals().size(), 3U);
}

TEST(AwsMachine, IsAskedWithoutTokensWhereThereAreNone) {
  PlayedSurroundings world;
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    if (arrival.request.method == "PUT") return http_answer(404, "");
    EXPECT_TRUE(arrival.request.headers.empty());
    return http_answer(200, arrival.url.ends_with("/") ? "role" : std::string(document));
  });
  EXPECT_EQ(key_of(ask<MachineCredentials>(world)), "AK");
  world.variables["AWS_EC2_METADATA_V1_DISABLED"] = "true";
  EXPECT_EQ(key_of(ask<MachineCredentials>(world)), "nothing");
}

TEST(AwsMachine, RenewsATokenThatIsNoLongerKnown) {
  PlayedSurroundings world;
  int tokens = 0;
  world.answer([&](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    if (arrival.request.method == "PUT") return http_answer(200, "t" + std::to_string(++tokens));
    if (arrival.header("X-aws-ec2-metadata-token") == "t1") return http_answer(401, "");
    return http_answer(200, arrival.url.ends_with("/") ? "role" : std::string(document));
  });
  EXPECT_EQ(key_of(ask<MachineCredentials>(world)), "AK");
  EXPECT_EQ(tokens, 2);
}

TEST(AwsProfile, TakesRolesWithWhatItsSourceHas) {
  PlayedSurroundings world;
  world.variables = {{"HOME", "/h"}, {"AWS_PROFILE", "a"}};
  world.files["/h/.aws/config"] =
      "[profile a]\nrole_arn = arn:a\nsource_profile = b\nregion = eu-west-1\nexternal_id = e/1\n"
      "[profile b]\nrole_arn = arn:b\nsource_profile = b\n"
      "aws_access_key_id = base\naws_secret_access_key = s\n";
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    const bool last = arrival.request.body.find("RoleArn=arn%3Aa") != std::string::npos;
    EXPECT_EQ(arrival.url,
              last ? "https://sts.eu-west-1.amazonaws.com" : "https://sts.amazonaws.com");
    const std::string_view by = arrival.header("Authorization");
    EXPECT_NE(by.find(last ? "Credential=AK/" : "Credential=base/"), std::string_view::npos) << by;
    EXPECT_EQ(arrival.request.body.find("ExternalId=e%2F1") != std::string::npos, last);
    return http_answer(200, std::string(sts_reply));
  });
  const Found found = ask_profile(world);
  ASSERT_EQ(key_of(found), "AK");
  EXPECT_EQ((*found)->session_token, "T&");
  EXPECT_EQ((*found)->account_id, "123456789012");
  EXPECT_EQ(world.transport->arrivals().size(), 2U);
}

TEST(AwsProfile, SaysWhyItLeadsNowhere) {
  PlayedSurroundings world;
  world.variables["HOME"] = "/h";
  world.files["/h/.aws/config"] =
      "[profile circle]\nrole_arn = r\nsource_profile = other\n"
      "[profile other]\nrole_arn = r\nsource_profile = circle\n"
      "[profile half]\naws_access_key_id = AK\n"
      "[profile both]\nrole_arn = r\nsource_profile = half\ncredential_source = Environment\n"
      "[profile alone]\nrole_arn = r\n"
      "[profile odd]\nrole_arn = r\ncredential_source = Elsewhere\n"
      "[profile gone]\nrole_arn = r\nsource_profile = nowhere\n"
      "[profile unset]\nrole_arn = r\ncredential_source = Environment\n"
      "[profile sso]\nsso_start_url = u\n[profile empty]\nregion = r\n";
  EXPECT_EQ(key_of(ask_profile(world)), "nothing");
  EXPECT_EQ(key_of(ask_profile(world, "empty")), "nothing");
  for (const char* profile : {"circle", "both", "alone", "odd", "sso"}) {
    EXPECT_EQ(code_of(ask_profile(world, profile)), ErrorCode::invalid_argument) << profile;
  }
  for (const char* profile : {"missing", "half", "gone", "unset"}) {
    EXPECT_EQ(code_of(ask_profile(world, profile)), ErrorCode::no_credentials) << profile;
  }
}

TEST(AwsProfile, TakesRolesWithWebIdentityTokens) {
  PlayedSurroundings world;
  world.variables = {{"HOME", "/h"}, {"AWS_REGION", "us-east-1"}};
  world.files = {{"/h/.aws/config", "[default]\nrole_arn = r\nweb_identity_token_file = /t\n"},
                 {"/t", "to ken\n"}};
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    EXPECT_EQ(arrival.header("Authorization"), "");
    EXPECT_TRUE(arrival.request.body.ends_with("&WebIdentityToken=to%20ken"));
    return http_answer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
  });
  const Found found = ask_profile(world);
  EXPECT_EQ(code_of(found), ErrorCode::permission_denied);
  EXPECT_EQ(found.error().info().server_message, "no");
}

TEST(AwsProfile, AsksIdentityCenterWithTheCachedLogin) {
  PlayedSurroundings world;
  *world.clock = testing::StoppedClock(document_expiry - std::chrono::hours(1));
  world.variables["HOME"] = "/h";
  world.files["/h/.aws/config"] =
      "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\n"
      "[sso-session s]\nsso_region = eu-west-1\nsso_start_url = u\n";
  EXPECT_EQ(code_of(ask_profile(world)), ErrorCode::no_credentials);
  // Named by the SHA-1 of "s".
  std::string& cached =
      world.files["/h/.aws/sso/cache/a0f1490a20d0211c997b44bc357e1972deab8ae3.json"];
  cached = R"({"accessToken":"login","expiresAt":"2030-01-31T12:00:00Z"})";
  world.answer([](const PlayedTransport::Arrival& arrival) -> Result<net::HttpResponse> {
    EXPECT_EQ(arrival.url,
              "https://portal.sso.eu-west-1.amazonaws.com/federation/"
              "credentials?role_name=R&account_id=1");
    EXPECT_EQ(arrival.header("x-amz-sso_bearer_token"), "login");
    return http_answer(200, R"({"roleCredentials":{"accessKeyId":"AK","secretAccessKey":"s",)"
                            R"("sessionToken":"T","expiration":1896091200000}})");
  });
  const Found found = ask_profile(world);
  ASSERT_EQ(key_of(found), "AK");
  EXPECT_EQ((*found)->expires, document_expiry);
  world.answer([](const auto&) -> Result<net::HttpResponse> { return http_answer(401, ""); });
  EXPECT_EQ(code_of(ask_profile(world)), ErrorCode::no_credentials);
  world.clock->advance(std::chrono::hours(2));
  EXPECT_EQ(code_of(ask_profile(world)), ErrorCode::no_credentials);
}

TEST(AwsProfile, RunsItsProgramWithoutAShell) {
  PlayedSurroundings world;
  world.variables["HOME"] = "/h";
  const auto written = [&](const std::string& command) {
    world.files["/h/.aws/config"] = "[default]\ncredential_process = " + command + "\n";
    return ask_profile(world);
  };
  const std::string sound = R"(printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}' )";
  EXPECT_EQ(key_of(written(sound + R"("$HOME & x")")), "$HOME & x");
  EXPECT_EQ(code_of(written(R"(printf '{"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"}')")),
            ErrorCode::protocol_error);
  EXPECT_EQ(code_of(written("/nowhere/at-all")), ErrorCode::io_error);
  const Found failed = written("/bin/sh -c 'echo ask your admin >&2; exit 3'");
  EXPECT_EQ(code_of(failed), ErrorCode::no_credentials);
  EXPECT_EQ(failed.error().info().server_message, "ask your admin");
}

TEST(AwsChain, SaysWhereItHasLooked) {
  const PlayedSurroundings world;
  const auto chain = default_credentials(world.share(), "");
  const Found found = ask(*chain);
  EXPECT_EQ(key_of(found), "nothing");
  EXPECT_EQ(chain->nothing().message(),
            "there are no AWS credentials in the environment, the profile, the web identity token "
            "file, the container and the machine's role");
}

TEST(AwsCallback, GivesWhatTheProgramKnows) {
  const auto give = []() -> boost::asio::awaitable<Result<Credentials>> {
    Credentials credentials;
    credentials.access_key_id = "AK";
    credentials.secret_access_key = "s";
    co_return credentials;
  };
  CallbackCredentials source(give);
  EXPECT_EQ(key_of(ask(source)), "AK");
}

// Over the network: what the variables name is what is asked.
TEST(AwsNetwork, FindsTheServersThatVariablesName) {
  testing::HttpServer server([](const testing::HttpArrival& arrival) {
    const bool token = arrival.method == "PUT";
    const bool role = arrival.target.ends_with("security-credentials/");
    const bool sts = arrival.method == "POST";
    const std::string body = token  ? "token"
                             : role ? "role"
                                    : std::string(sts ? sts_reply : document);
    return testing::HttpReply{testing::http_response(200, body)};
  });
  PlayedSurroundings world;
  world.variables = {{"HOME", "/h"},
                     {"AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url()},
                     {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url() + "/container"},
                     {"AWS_ENDPOINT_URL_STS", server.url()},
                     {"AWS_ROLE_ARN", "r"},
                     {"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}};
  world.files["/t"] = "token";
  auto surroundings = std::make_shared<cloud::Surroundings>(*world.share());
  surroundings->transport = std::make_shared<cloud::NetTransport>();
  MachineCredentials machine(surroundings);
  EXPECT_EQ(key_of(ask(machine)), "AK");
  ContainerCredentials container(surroundings);
  EXPECT_EQ(key_of(ask(container)), "AK");
  WebIdentityCredentials web(surroundings, "");
  EXPECT_EQ(key_of(ask(web)), "AK");
  ASSERT_EQ(server.arrivals().size(), 5U);
  EXPECT_EQ(server.arrivals()[0].header("X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(server.arrivals()[3].target, "/container");
  EXPECT_NE(server.arrivals()[4].body.find("Action=AssumeRoleWithWebIdentity"), std::string::npos);
  // The server is told of an end a moment later.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (server.open_connections() != 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::yield();
  }
  EXPECT_EQ(server.open_connections(), 0U);
}

}  // namespace
}  // namespace semantrix::aws
