#include "cloud/aws/elasticache_token.hpp"

#include "cloud/aws/service_settings.hpp"
#include "protocol/sigv4/encode.hpp"

#include <array>
#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

namespace semantrix::aws {
namespace {

using boost::asio::awaitable;

constexpr std::chrono::seconds token_lifetime(900);
/// The cache ends a connection twelve hours after its last login.
constexpr std::chrono::hours login_lifetime(11);
/// The handshake has a shorter deadline of its own.
constexpr std::chrono::seconds patience(10);

std::vector<std::string_view> labels_of(std::string_view host) {
  std::vector<std::string_view> labels;
  for (bool more = true; more;) {
    const std::size_t dot = host.find('.');
    more = dot != std::string_view::npos;
    labels.push_back(host.substr(0, dot));
    if (more) host.remove_prefix(dot + 1);
  }
  return labels;
}

/// What all questions of a store share.
class Login {
 public:
  Login(CacheLogin login, std::shared_ptr<CredentialsProvider> provider,
        cloud::SharedSurroundings surroundings)
      : login_(std::move(login)),
        provider_(std::move(provider)),
        surroundings_(std::move(surroundings)) {}

  static awaitable<Result<RedisCredentials>> ask(std::shared_ptr<Login> self) {
    const auto now = std::chrono::steady_clock::now();
    auto finding = find_signer(self, now + patience);
    const auto signer = co_await std::move(finding);
    if (!signer) co_return signer.error();
    auto getting = CredentialsProvider::get(self->provider_, now + patience);
    const Result<SharedCredentials> credentials = co_await std::move(getting);
    if (!credentials) co_return credentials.error();
    RedisCredentials answer;
    answer.user = self->login_.user;
    answer.password = elasticache_token(**signer, self->login_.cache, answer.user, **credentials,
                                        cloud::wall_seconds(*self->surroundings_));
    answer.expires = now + login_lifetime;
    co_return answer;
  }

 private:
  using SharedSigner = std::shared_ptr<const sigv4::Signer>;

  static awaitable<Result<SharedSigner>> find_signer(std::shared_ptr<Login> self,
                                                     cloud::Transport::Deadline deadline) {
    if (SharedSigner known = self->signer()) co_return known;
    EndpointQuestion question;
    question.region = self->login_.region;
    // The cache is no host of AWS's: where services answer does not matter.
    if (question.region.empty()) {
      auto finding = find_service_settings(self->surroundings_, self->login_.profile, "elasticache",
                                           std::move(question), deadline);
      Result<EndpointQuestion> found = co_await std::move(finding);
      if (!found) co_return found.error();
      question = *std::move(found);
    }
    if (question.region.empty()) co_return no_region();
    co_return self->remember(std::make_shared<const sigv4::Signer>(question.region, "elasticache"));
  }

  SharedSigner signer() {
    const std::lock_guard lock(mutex_);
    return signer_;
  }
  SharedSigner remember(SharedSigner signer) {
    const std::lock_guard lock(mutex_);
    signer_ = signer;
    return signer;
  }

  const CacheLogin login_;
  const std::shared_ptr<CredentialsProvider> provider_;
  const cloud::SharedSurroundings surroundings_;
  std::mutex mutex_;
  SharedSigner signer_;
};

}  // namespace

// master.GROUP.ID.REGION.cache.amazonaws.com, likewise replica and clustercfg;
// GROUP-001.GROUP.ID.…; CACHE-ID.serverless.REGION.cache.amazonaws.com.
std::optional<CacheName> cache_of_host(std::string_view host) {
  const std::string lower = sigv4::lower_case(host);
  const std::vector<std::string_view> labels = labels_of(lower);
  if (labels.size() < 5 || lower.find(".cache.amazonaws.com") == std::string::npos) {
    return std::nullopt;
  }
  if (labels[1] == "serverless") {
    const std::size_t dash = labels[0].rfind('-');
    if (dash == std::string_view::npos || dash == 0) return std::nullopt;
    return CacheName{std::string(labels[0].substr(0, dash)), true};
  }
  const bool by_role = labels[0] == "master" || labels[0] == "replica" || labels[0] == "clustercfg";
  const bool by_node = labels[0].starts_with(std::string(labels[1]) + "-");
  if (by_role || by_node) return CacheName{std::string(labels[1]), false};
  return std::nullopt;
}

std::string elasticache_token(const sigv4::Signer& signer, const CacheName& cache,
                              std::string_view user, const Credentials& credentials,
                              std::chrono::sys_seconds now) {
  std::string query = "Action=connect&User=" + sigv4::encoded(user);
  if (cache.serverless) query += "&ResourceType=ServerlessCache";
  const std::array<sigv4::Header, 1> headers = {{{"Host", cache.name}}};
  const sigv4::Request request{"GET", "/", query, headers, sigv4::empty_body_hash};
  const auto link = signer.presign(
      {credentials.access_key_id, credentials.secret_access_key, credentials.session_token},
      request, now, token_lifetime);
  return cache.name + "/?" + link.query;
}

RedisCredentialsProvider elasticache_credentials(CacheLogin login,
                                                 std::shared_ptr<CredentialsProvider> provider,
                                                 cloud::SharedSurroundings surroundings) {
  auto shared =
      std::make_shared<Login>(std::move(login), std::move(provider), std::move(surroundings));
  return [shared = std::move(shared)] { return Login::ask(shared); };
}

}  // namespace semantrix::aws
