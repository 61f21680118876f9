#include "cloud/gcp/default_credentials.hpp"
#include "cloud/gcp/token_provider.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
namespace json = boost::json;
using namespace std::chrono_literals;

struct Asked {
  std::string url;
  net::HttpRequest request;
};

/// Answers from memory.
class Played final : public cloud::Transport {
 public:
  using Answer = std::function<net::HttpResponse(const Asked&)>;

  awaitable<Result<net::HttpResponse>> send(cloud::HttpUrl url, net::HttpRequest request,
                                            cloud::Patience /*patience*/,
                                            Deadline /*deadline*/) override {
    asked.push_back({to_string(url), std::move(request)});
    if (!answer) co_return Error(ErrorCode::connect_failed, "nobody is there");
    co_return answer(asked.back());
  }
  awaitable<Result<std::vector<std::string>>> resolve(net::Endpoint /*endpoint*/,
                                                      Deadline /*deadline*/) override {
    co_return std::vector<std::string>();
  }

  Answer answer;
  std::vector<Asked> asked;
};

class Then final : public Clock {
 public:
  [[nodiscard]] std::chrono::milliseconds steady_now() const noexcept override { return now; }
  [[nodiscard]] std::chrono::milliseconds wall_now() const noexcept override { return now; }
  std::chrono::milliseconds now{1'700'000'000'000};
};

net::HttpResponse reply(int status, std::string body) { return {status, {}, std::move(body)}; }

std::string private_key() {
  static const std::string pem = [] {
    EVP_PKEY* key = EVP_RSA_gen(2048);
    OSSL_ENCODER_CTX* encoder =
        OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, "PEM", "PrivateKeyInfo", nullptr);
    unsigned char* data = nullptr;
    std::size_t size = 0;
    OSSL_ENCODER_to_data(encoder, &data, &size);
    std::string text(reinterpret_cast<char*>(data), size);
    OPENSSL_free(data);
    OSSL_ENCODER_CTX_free(encoder);
    EVP_PKEY_free(key);
    return text;
  }();
  return pem;
}

class GoogleCredentials : public ::testing::Test {
 protected:
  GoogleCredentials() {
    auto world = std::make_shared<cloud::Surroundings>();
    world->variable = [this](std::string_view name) { return variables_[std::string(name)]; };
    world->file = [this](const std::string& path) -> Result<std::optional<std::string>> {
      const auto found = files_.find(path);
      if (found == files_.end()) return std::optional<std::string>();
      return std::optional(found->second);
    };
    world->transport = transport_;
    world->clock = clock_;
    surroundings_ = world;
    variables_["HOME"] = "/home/me";
  }

  template <class T>
  T run(awaitable<T> work) {
    std::optional<T> result;
    context_.restart();
    boost::asio::co_spawn(context_, std::move(work), [&result](const std::exception_ptr&, T given) {
      result = std::move(given);
    });
    context_.run();
    return *std::move(result);
  }

  Result<GoogleAccessToken> fetch(const GoogleAccess& access = {}) {
    auto source = find_credentials(access, surroundings_);
    if (!source) return source.error();
    return run((*source)->fetch(std::chrono::steady_clock::now() + 5s));
  }

  static std::string user_file() {
    return R"({"type":"authorized_user","client_id":"id","client_secret":"s&","refresh_token":"r",
        "quota_project_id":"quota"})";
  }

  std::map<std::string, std::string> variables_;
  std::map<std::string, std::string> files_;
  std::shared_ptr<Played> transport_ = std::make_shared<Played>();
  std::shared_ptr<Then> clock_ = std::make_shared<Then>();
  cloud::SharedSurroundings surroundings_;
  boost::asio::io_context context_;
};

TEST_F(GoogleCredentials, the_options_come_first_and_ask_nobody) {
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = "/gone.json";
  GoogleAccess access;
  access.access_token = "mine";
  EXPECT_EQ(fetch(access)->token, "mine");
  access.credentials = []() -> awaitable<Result<GoogleAccessToken>> {
    GoogleAccessToken token;
    token.token = "called";
    co_return token;
  };
  EXPECT_EQ(fetch(access)->token, "called");
  EXPECT_TRUE(transport_->asked.empty());
}

TEST_F(GoogleCredentials, a_named_file_that_is_missing_is_an_error) {
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = "/gone.json";
  files_["/home/me/.config/gcloud/application_default_credentials.json"] = user_file();
  const auto token = fetch();
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), ErrorCode::no_credentials);
}

TEST_F(GoogleCredentials, what_gcloud_left_is_exchanged_for_a_token) {
  files_["/home/me/.config/gcloud/application_default_credentials.json"] = user_file();
  transport_->answer = [](const Asked&) {
    return reply(200, R"({"access_token":"fresh","expires_in":"3599"})");
  };
  const auto token = fetch();
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token, "fresh");
  EXPECT_EQ(token->expires->time_since_epoch(), clock_->now + 3599s);
  ASSERT_EQ(transport_->asked.size(), 1U);
  EXPECT_EQ(transport_->asked[0].url, "https://oauth2.googleapis.com/token");
  EXPECT_EQ(transport_->asked[0].request.body,
            "grant_type=refresh_token&client_id=id&client_secret=s%26&refresh_token=r");
}

TEST_F(GoogleCredentials, cloudsdk_config_names_another_folder) {
  variables_["CLOUDSDK_CONFIG"] = "/else";
  files_["/else/application_default_credentials.json"] = user_file();
  transport_->answer = [](const Asked&) { return reply(200, R"({"access_token":"fresh"})"); };
  EXPECT_EQ(fetch()->token, "fresh");
}

TEST_F(GoogleCredentials, a_service_account_asks_nobody) {
  json::object file{{"type", "service_account"},
                    {"client_email", "me@example.com"},
                    {"private_key", private_key()},
                    {"private_key_id", "key-1"}};
  variables_["GOOGLE_APPLICATION_CREDENTIALS"] = "/key.json";
  files_["/key.json"] = json::serialize(file);
  const auto token = fetch();
  ASSERT_TRUE(token);
  EXPECT_EQ(std::count(token->token.begin(), token->token.end(), '.'), 2);
  EXPECT_EQ(token->expires->time_since_epoch(), clock_->now + 3600s);
  EXPECT_TRUE(transport_->asked.empty());
  file["private_key"] = "nonsense-secret";
  files_["/key.json"] = json::serialize(file);
  const auto refused = fetch();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::no_credentials);
  EXPECT_EQ(refused.error().to_string().find("nonsense"), std::string::npos);
}

TEST_F(GoogleCredentials, another_account_is_acted_for) {
  files_["/f"] = R"({"type":"impersonated_service_account","delegates":["d"],
      "service_account_impersonation_url":"https://iam/v1/serviceAccounts/a@b:generateAccessToken",
      "source_credentials":)" +
                 user_file() + "}";
  GoogleAccess access;
  access.credentials_file = "/f";
  transport_->answer = [](const Asked& asked) {
    if (asked.url.find("oauth2") != std::string::npos) {
      return reply(200, R"({"access_token":"own"})");
    }
    return reply(200, R"({"accessToken":"theirs","expireTime":"2023-11-14T23:13:20Z"})");
  };
  const auto token = fetch(access);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token, "theirs");
  EXPECT_EQ(token->expires->time_since_epoch(), 1'700'003'600s);
  ASSERT_EQ(transport_->asked.size(), 2U);
  const net::HttpRequest& request = transport_->asked[1].request;
  EXPECT_EQ(request.headers.back().value, "Bearer own");
  EXPECT_EQ(json::parse(request.body).at("delegates").at(0), "d");
}

TEST_F(GoogleCredentials, another_providers_token_is_exchanged) {
  files_["/f"] = R"({"type":"external_account","audience":"//iam/a","subject_token_type":"jwt",
      "token_url":"https://sts/token","credential_source":{"url":"http://provider/token",
      "headers":{"X":"1"},"format":{"type":"json","subject_token_field_name":"t"}}})";
  GoogleAccess access;
  access.credentials_file = "/f";
  transport_->answer = [](const Asked& asked) {
    if (asked.url == "http://provider/token") return reply(200, R"({"t":" subject\n"})");
    return reply(200, R"({"access_token":"exchanged","expires_in":10})");
  };
  EXPECT_EQ(fetch(access)->token, "exchanged");
  ASSERT_EQ(transport_->asked.size(), 2U);
  EXPECT_EQ(transport_->asked[0].request.headers.back().name, "X");
  EXPECT_NE(transport_->asked[1].request.body.find("subject_token=subject"), std::string::npos);
  EXPECT_NE(transport_->asked[1].request.body.find("audience=%2F%2Fiam%2Fa"), std::string::npos);
  files_["/f"] = R"({"type":"external_account","audience":"a","subject_token_type":"jwt",
      "credential_source":{"file":"/subject"}})";
  const auto without = fetch(access);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code(), ErrorCode::no_credentials);
  files_["/subject"] = "from-a-file\n";
  EXPECT_TRUE(fetch(access));
  EXPECT_NE(transport_->asked.back().request.body.find("from-a-file"), std::string::npos);
}

TEST_F(GoogleCredentials, the_machine_comes_last) {
  variables_["GCE_METADATA_HOST"] = "127.0.0.1:8080";
  transport_->answer = [](const Asked& asked) {
    EXPECT_EQ(asked.url,
              "http://127.0.0.1:8080/computeMetadata/v1/instance/service-accounts/default/token");
    EXPECT_EQ(asked.request.headers.front().name, "Metadata-Flavor");
    net::HttpResponse response = reply(200, R"({"access_token":"machine","expires_in":100})");
    response.headers.push_back({"metadata-flavor", "Google"});
    return response;
  };
  EXPECT_EQ(fetch()->token, "machine");
  transport_->answer = [](const Asked&) { return reply(200, R"({"access_token":"fake"})"); };
  EXPECT_EQ(fetch().error().code(), ErrorCode::no_credentials);
  transport_->answer = {};
  EXPECT_EQ(fetch().error().code(), ErrorCode::no_credentials);
  variables_["NO_GCE_CHECK"] = "true";
  transport_->asked.clear();
  EXPECT_EQ(fetch().error().code(), ErrorCode::no_credentials);
  EXPECT_TRUE(transport_->asked.empty());
}

TEST_F(GoogleCredentials, refusals_say_why_and_no_secret) {
  files_["/f"] = user_file();
  GoogleAccess access;
  access.credentials_file = "/f";
  transport_->answer = [](const Asked&) {
    return reply(400, R"({"error":"invalid_grant","error_description":"Token has been revoked."})");
  };
  const auto token = fetch(access);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code(), ErrorCode::authentication_failed);
  EXPECT_EQ(token.error().info().server_message, "Token has been revoked.");
  transport_->answer = [](const Asked&) { return reply(503, "<html>"); };
  EXPECT_EQ(fetch(access).error().code(), ErrorCode::unavailable);
  transport_->answer = [](const Asked&) { return reply(200, "secret"); };
  EXPECT_EQ(fetch(access).error().code(), ErrorCode::protocol_error);
  EXPECT_EQ(fetch(access).error().to_string().find("secret"), std::string::npos);
}

TEST_F(GoogleCredentials, files_of_no_known_kind_are_told) {
  GoogleAccess access;
  access.credentials_file = "/f";
  for (const auto& [text, code] : std::map<std::string, ErrorCode>{
           {"no json", ErrorCode::no_credentials},
           {R"({"type":"gdch_service_account"})", ErrorCode::not_supported},
           {R"({"type":"authorized_user"})", ErrorCode::no_credentials},
           {R"({"type":"external_account","audience":"a","subject_token_type":"b",
                "credential_source":{"environment_id":"aws1"}})",
            ErrorCode::not_supported}}) {
    files_["/f"] = text;
    const auto token = fetch(access);
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error().code(), code) << text;
  }
}

awaitable<Result<SharedToken>> asked_once(std::shared_ptr<TokenProvider> provider) {
  auto getting = TokenProvider::get(provider, std::chrono::steady_clock::now() + 5s);
  co_return co_await std::move(getting);
}

TEST_F(GoogleCredentials, a_token_is_kept_renewed_and_carries_the_quota_project) {
  files_["/f"] = user_file();
  GoogleAccess access;
  access.credentials_file = "/f";
  int given = 0;
  transport_->answer = [&given](const Asked&) {
    return reply(200, R"({"expires_in":3600,"access_token":")" + std::to_string(++given) + "\"}");
  };
  const auto provider = make_token_provider(context_.get_executor(), access, surroundings_);
  const auto ask = [&] { return run(asked_once(provider)); };
  const auto first = ask();
  ASSERT_TRUE(first);
  EXPECT_EQ((*first)->quota_project, "quota");
  EXPECT_EQ(*ask(), *first);
  provider->reject(*first);
  EXPECT_EQ((*ask())->token, "2");
  clock_->now += 3500s;
  EXPECT_EQ((*ask())->token, "2") << "the old one is given while the new one is asked for";
  EXPECT_EQ((*ask())->token, "3");
  clock_->now += 3599s;
  EXPECT_EQ((*ask())->token, "4");
}

}  // namespace
}  // namespace semantrix::gcp
