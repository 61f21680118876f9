#include "stores/google_memorystore/finder.hpp"

#include "base/quote.hpp"
#include "stores/google_memorystore/option_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace semantrix::memorystore {
namespace {

using boost::asio::awaitable;
using std::chrono::milliseconds;

/// Pause after a look that told nothing new, doubled after each further one.
constexpr milliseconds first_pause(250);
constexpr milliseconds longest_pause(5'000);
constexpr int most_doublings = 5;

milliseconds pause_after(int vain_looks) {
  return std::min(first_pause * (1 << std::min(vain_looks, most_doublings)), longest_pause);
}

Error being_created(const gcp::InstanceName& name, const std::string& operation) {
  ErrorInfo info;
  info.code = ErrorCode::unavailable;
  info.message = fmt::format("the instance {} is being created", quote(name.instance));
  if (!operation.empty()) info.server_message = operation;
  info.remedy = "wait some minutes until it is READY: semantrix instances";
  info.retryable = true;
  info.phase = Phase::connecting;
  return Error(std::move(info));
}

bool same(const MemorystoreInstance& left, const MemorystoreInstance& right) {
  return left.host == right.host && left.port == right.port && left.read_host == right.read_host &&
         left.read_port == right.read_port && left.tls_enabled == right.tls_enabled &&
         left.iam_enabled == right.iam_enabled && left.auth_enabled == right.auth_enabled &&
         left.ca_certs == right.ca_certs;
}

/// Failures that a move, a new authority or a new password would explain.
bool is_explained_by_a_change(const Error& error) {
  switch (error.code()) {
    case ErrorCode::authentication_failed:
    case ErrorCode::permission_denied:
    case ErrorCode::tls_failed:
    case ErrorCode::connect_failed:
    case ErrorCode::resolve_failed:
    case ErrorCode::connection_lost:
    case ErrorCode::protocol_error:
    case ErrorCode::timeout:
      return true;
    default:
      return false;
  }
}

/// The wall clock's time on the steady clock.
std::chrono::steady_clock::time_point steady(std::chrono::system_clock::time_point when) {
  return std::chrono::steady_clock::now() + (when - std::chrono::system_clock::now());
}

}  // namespace

std::shared_ptr<Finder> Finder::make(const GoogleMemorystoreOptions& options,
                                     const boost::asio::any_io_executor& executor) {
  std::shared_ptr<Finder> finder(new Finder(options, executor));
  const std::weak_ptr<Finder> weak = finder;
  const auto work = [weak](TimePoint deadline) { return discover(weak, deadline); };
  finder->flight_ = std::make_shared<cloud::SingleFlight<SharedFacts>>(
      executor, work, options.google.timeout,
      fmt::format("the address of the instance {}", quote(options.instance_id)));
  return finder;
}

Finder::Finder(const GoogleMemorystoreOptions& options,
               const boost::asio::any_io_executor& executor)
    : options_(options),
      name_{options.project_id, options.region, options.instance_id},
      google_(executor, options.google, options.flavor) {}

void Finder::close() {
  flight_->close();
  google_.close();
}

Finder::SharedFacts Finder::known() const {
  const std::lock_guard lock(mutex_);
  return doubted_ ? nullptr : facts_;
}

bool Finder::doubt(const redis::Place& place, const Error& why) {
  if (!is_explained_by_a_change(why)) return false;
  {
    const std::lock_guard lock(mutex_);
    const bool is_old = facts_ && facts_->edition != place.edition;
    if (is_old && !doubted_) return true;
    if (std::chrono::steady_clock::now() < look_again_) return false;
    doubted_ = true;
  }
  flight_->start();
  return true;
}

awaitable<Result<redis::SharedPlace>> Finder::locate(net::Endpoint endpoint, TimePoint deadline) {
  SharedFacts facts = known();
  if (!facts) {
    auto joining = cloud::SingleFlight<SharedFacts>::join(flight_, deadline);
    Result<SharedFacts> found = co_await std::move(joining);
    if (!found) co_return found.error();
    facts = *std::move(found);
  }
  const Result<net::Endpoint> where = address(*facts, endpoint);
  if (!where) co_return where.error();
  auto asking = credentials(facts, deadline);
  Result<RedisCredentials> who = co_await std::move(asking);
  if (!who) co_return who.error();
  const auto place = std::make_shared<redis::Place>();
  place->destination = net::Destination{*where, facts->tls, {}};
  place->credentials = *std::move(who);
  place->edition = facts->edition;
  co_return redis::SharedPlace(place);
}

Result<net::Endpoint> Finder::address(const Facts& facts, const net::Endpoint& endpoint) const {
  constexpr std::uint16_t usual_port = 6379;
  const MemorystoreInstance& instance = *facts.instance;
  const net::Endpoint seed = instance_endpoint(options_);
  if (endpoint == replicas_endpoint(options_)) {
    if (!instance.read_host.empty()) return net::Endpoint{instance.read_host, instance.read_port};
    return Error(ErrorCode::invalid_argument,
                 fmt::format("the instance {} has no read replicas", quote(name_.instance)),
                 "set read_from=primary, or enable read replicas");
  }
  if (endpoint.host != seed.host) return endpoint;
  net::Endpoint to{instance.host, instance.port};
  if (!options_.connect_to.empty()) {
    auto given = net::parse_endpoint(options_.connect_to, usual_port);
    if (given) to = *std::move(given);
  }
  // A cluster's node may be told by its port alone.
  if (endpoint.port != 0) to.port = endpoint.port;
  return to;
}

awaitable<Result<RedisCredentials>> Finder::credentials(SharedFacts facts, TimePoint deadline) {
  RedisCredentials credentials;
  if (!options_.iam.value_or(facts->instance->iam_enabled)) {
    credentials.password = facts->auth_string;
    co_return credentials;
  }
  auto asking = gcp::TokenProvider::get(google_.tokens(), deadline);
  const Result<gcp::SharedToken> token = co_await std::move(asking);
  if (!token) co_return token.error();
  credentials.user = "default";
  credentials.password = (*token)->token;
  if ((*token)->expires) credentials.expires = steady(*(*token)->expires);
  co_return credentials;
}

// -- One look at Google: on the flight's strand --

awaitable<Result<Finder::SharedFacts>> Finder::discover(std::weak_ptr<Finder> weak,
                                                        TimePoint deadline) {
  const std::shared_ptr<Finder> self = weak.lock();
  if (!self) co_return Error(ErrorCode::closed, "the store is closed");
  auto finding = self->find_instance(deadline);
  const Result<gcp::SharedInstance> instance = co_await std::move(finding);
  if (!instance) co_return instance.error();
  auto asking = self->password(*instance, deadline);
  Result<std::string> auth_string = co_await std::move(asking);
  if (!auth_string) co_return auth_string.error();
  co_return self->learn(*instance, *std::move(auth_string));
}

awaitable<Result<gcp::SharedInstance>> Finder::find_instance(TimePoint deadline) {
  Result<gcp::SharedInstance> found = gcp::SharedInstance();
  if (options_.create_if_missing) {
    auto looking = google_.look(name_, deadline);
    found = co_await std::move(looking);
  } else {
    auto getting = google_.get(name_, deadline);
    found = co_await std::move(getting);
  }
  if (!found) co_return found;
  if (!*found) {
    auto creating = create(deadline);
    co_return co_await std::move(creating);
  }
  if (auto refused = gcp::not_connectable(**found)) {
    auto telling = still_creating(*std::move(refused), deadline);
    co_return co_await std::move(telling);
  }
  operation_.clear();
  co_return found;
}

awaitable<Error> Finder::create(TimePoint deadline) {
  if (!operation_.empty()) {
    auto telling = still_creating(being_created(name_, operation_), deadline);
    co_return co_await std::move(telling);
  }
  gcp::NewInstance wanted;
  wanted.memory_size_gb = options_.memory_size_gb;
  wanted.tier = options_.tier;
  wanted.redis_version = options_.redis_version;
  wanted.authorized_network = options_.authorized_network;
  auto creating = google_.create(name_, wanted, deadline);
  const Result<gcp::Operation> created = co_await std::move(creating);
  if (!created) co_return created.error();
  if (created->error) co_return *created->error;
  operation_ = created->name;
  co_return being_created(name_, operation_);
}

awaitable<Error> Finder::still_creating(Error error, TimePoint deadline) {
  if (operation_.empty()) co_return error;
  auto asking = google_.operation(operation_, deadline);
  const Result<gcp::Operation> operation = co_await std::move(asking);
  if (!operation || !operation->error) co_return error;
  operation_.clear();
  co_return *operation->error;
}

awaitable<Result<std::string>> Finder::password(gcp::SharedInstance instance, TimePoint deadline) {
  const bool by_token = options_.iam.value_or(instance->iam_enabled);
  if (by_token || !instance->auth_enabled) co_return std::string();
  auto asking = google_.auth_string(name_, deadline);
  co_return co_await std::move(asking);
}

Result<Finder::SharedFacts> Finder::learn(gcp::SharedInstance instance, std::string auth_string) {
  const std::lock_guard lock(mutex_);
  const bool is_new =
      !facts_ || facts_->auth_string != auth_string || !same(*facts_->instance, *instance);
  vain_looks_ = is_new ? 0 : vain_looks_ + 1;
  look_again_ = std::chrono::steady_clock::now() + pause_after(vain_looks_);
  doubted_ = false;
  if (!is_new) return facts_;
  const auto facts = std::make_shared<Facts>();
  facts->edition = facts_ ? facts_->edition + 1 : 1;
  facts->auth_string = std::move(auth_string);
  if (instance->tls_enabled) {
    // The authorities sign for this instance alone, and its certificate may name an address that it
    // is not reached by.
    TlsOptions tls;
    tls.verification = TlsVerification::chain_only;
    auto context = net::make_tls_context(tls, instance->ca_certs);
    if (!context) return Error(ErrorCode::tls_failed, context.error().message(), "try again");
    facts->tls = *std::move(context);
  }
  facts->instance = std::move(instance);
  facts_ = facts;
  return facts_;
}

awaitable<Result<gcp::SharedInstance>> Finder::look(std::shared_ptr<Finder> self) {
  const auto deadline = std::chrono::steady_clock::now() + self->options_.google.timeout;
  auto getting = self->google_.get(self->name_, deadline);
  co_return co_await std::move(getting);
}

}  // namespace semantrix::memorystore
