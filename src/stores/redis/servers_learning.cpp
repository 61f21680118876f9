#include "net/connection_errors.hpp"
#include "protocol/resp/command.hpp"
#include "stores/redis/servers.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>

#include <string>
#include <utility>

/// What the endpoint is, found out by the first call.
namespace semantrix::redis {
namespace {

using boost::asio::awaitable;

Error no_cluster() {
  return {ErrorCode::not_supported, "cluster=true, but the server is no cluster",
          "leave cluster at auto, or name a node of a cluster"};
}

Error no_reader() {
  return {ErrorCode::invalid_argument,
          "read_from asks for replicas, but the server is no cluster and no reader_endpoint is set",
          "set reader_endpoint, or read_from=primary"};
}

/// Whether the server does not do the command at all, or not for this user.
bool is_refusal(const Error& error) {
  return error.info().phase == Phase::received &&
         (error.code() == ErrorCode::protocol_error || error.code() == ErrorCode::not_supported ||
          error.code() == ErrorCode::permission_denied);
}

}  // namespace

/// Held by what learns. If that is destroyed without having come to its end, the executor is gone,
/// and with it everybody who waits: they must not keep the servers alive.
class Servers::Tether {
 public:
  explicit Tether(std::shared_ptr<Servers> self) noexcept : self_(std::move(self)) {}
  Tether(Tether&&) noexcept = default;
  Tether& operator=(Tether&&) = delete;
  ~Tether() {
    if (!self_) return;
    for (const auto& left : self_->dismiss()) left.call->drop();
  }
  [[nodiscard]] Servers& servers() const noexcept { return *self_; }
  /// It came to its end.
  std::shared_ptr<Servers> release() noexcept { return std::move(self_); }

 private:
  std::shared_ptr<Servers> self_;
};

void Servers::enlist(Learner* learner, boost::asio::cancellation_slot slot,
                     Clock::time_point deadline) {
  {
    const std::lock_guard lock(mutex_);
    const auto ticket = learners_.push({learner, 1, Clock::now(), deadline});
    if (slot.is_connected()) {
      slot.assign([self = shared_from_this(), ticket](boost::asio::cancellation_type) {
        self->leave(ticket);
      });
    }
    if (std::exchange(learning_, true)) return;
  }
  boost::asio::co_spawn(strand_, discover(Tether(shared_from_this()), deadline),
                        boost::asio::detached);
}

void Servers::leave(Learners::Ticket ticket) {
  Learner* learner = nullptr;
  {
    const std::lock_guard lock(mutex_);
    learner = learners_.abandon(ticket);
  }
  if (learner == nullptr) return;
  const Error error(ErrorCode::cancelled, "the call was cancelled");
  learner->fail(net::with_phase(error, Phase::connecting));
}

std::vector<Servers::Learners::Left> Servers::dismiss() {
  const std::lock_guard lock(mutex_);
  learning_ = false;
  return learners_.drain();
}

awaitable<void> Servers::discover(Tether tether, Clock::time_point deadline) {
  Servers& servers = tether.servers();
  Result<Kind> kind = servers.kind_.load();
  if (*kind == Kind::unknown) {
    auto identifying = servers.identify(deadline);
    kind = co_await std::move(identifying);
    if (kind) servers.kind_ = *kind;
    if (kind && *kind == Kind::cluster) {
      const std::weak_ptr<Servers> weak = servers.weak_from_this();
      boost::asio::co_spawn(servers.strand_, follow(weak, servers.timer_), boost::asio::detached);
    }
  }
  const std::vector<Learners::Left> learners = servers.dismiss();
  const std::shared_ptr<Servers> self = tether.release();
  for (const auto& learner : learners) {
    if (kind) {
      learner.call->complete();
    } else {
      learner.call->fail(kind.error());
    }
  }
}

awaitable<Result<Servers::Kind>> Servers::identify(Clock::time_point deadline) {
  const auto encode = [](net::OutputBuffer& out) { resp::append_command(out.text(), {"PING"}); };
  auto reaching = seed_->connection(CallKind::read)
                      .async_call(1, deadline, ReachedDecoder(), encode, boost::asio::deferred);
  const Result<void> reached = co_await std::move(reaching);
  if (!reached) co_return reached.error();
  const std::string mode = seed_->greeting().mode;
  const bool must_be_cluster = options_->cluster == ClusterMode::on;
  const bool needs_cluster = options_->read_from != ReadFrom::primary && !reader_;
  if (!mode.empty() && mode != "cluster") {
    if (must_be_cluster) co_return no_cluster();
    if (needs_cluster) co_return no_reader();
    co_return Kind::single;
  }
  auto refreshing = refresh(deadline);
  const Result<void> refreshed = co_await std::move(refreshing);
  if (refreshed) co_return Kind::cluster;
  if (!mode.empty() || !is_refusal(refreshed.error())) co_return refreshed.error();
  // A server too old to say what it is, and without the command, is a server by itself.
  const bool may_not_ask = refreshed.error().code() == ErrorCode::permission_denied;
  if (must_be_cluster && may_not_ask) co_return refreshed.error();
  if (must_be_cluster) co_return no_cluster();
  if (needs_cluster) co_return no_reader();
  co_return Kind::single;
}

}  // namespace semantrix::redis
