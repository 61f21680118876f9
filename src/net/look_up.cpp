#include "net/look_up.hpp"

#include "base/quote.hpp"
#include "net/dial_error.hpp"
#include "net/latch.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>

#include <netdb.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace semantrix::net {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

constexpr int most_hanging = 64;
std::atomic<int> under_way{0};

/// One look-up, shared by its thread and whoever waits. The thread knows no executor, whose context
/// may be gone when it is done: it leaves its answer and raises an event.
struct LookUp {
  LookUp(const Endpoint& endpoint, AddressLookUp look_up)
      : host(endpoint.host), port(std::to_string(endpoint.port)), system(look_up) {}
  LookUp(const LookUp&) = delete;
  LookUp& operator=(const LookUp&) = delete;
  ~LookUp() {
    if (event >= 0) ::close(event);
  }

  void run() noexcept;

  const std::string host;
  const std::string port;
  const AddressLookUp system;
  const int event = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  // Published by `done`; the event only wakes.
  std::atomic<bool> done{false};
  Addresses addresses;
  std::string failure;
};

Addresses addresses_in(const addrinfo* found) {
  Addresses addresses;
  for (; found != nullptr; found = found->ai_next) {
    asio::ip::tcp::endpoint address;
    if (found->ai_addrlen > address.capacity()) continue;
    std::memcpy(address.data(), found->ai_addr, found->ai_addrlen);
    address.resize(found->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

void LookUp::run() noexcept {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = system(host.c_str(), port.c_str(), &hints, &found);
  if (status == 0) {
    addresses = interleave(addresses_in(found));
    ::freeaddrinfo(found);
  } else {
    failure = status == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(status);
  }
  done.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event, &one, sizeof one);
}

/// Runs the look-up on a thread that takes none of the program's signals. False: no thread or event
/// can be had.
bool start(const std::shared_ptr<LookUp>& look_up) {
  if (look_up->event < 0) return false;
  if (under_way.fetch_add(1) >= most_hanging) {
    under_way.fetch_sub(1);
    return false;
  }
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  bool started = true;
  try {
    std::thread([look_up] {
      look_up->run();
      under_way.fetch_sub(1);
    }).detach();
  } catch (const std::system_error&) {
    under_way.fetch_sub(1);
    started = false;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return started;
}

/// Waits for the event, but no longer than the deadline.
asio::awaitable<void> wait_for(std::shared_ptr<LookUp> look_up, steady_clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto latch = std::make_shared<Latch>(executor, deadline);
  asio::posix::stream_descriptor event(executor, ::dup(look_up->event));
  auto raised = [latch](boost::system::error_code failed) {
    if (!failed) latch->open();
  };
  event.async_wait(asio::posix::stream_descriptor::wait_read,
                   asio::bind_executor(executor, std::move(raised)));
  co_await latch->wait();
}

std::optional<Addresses> literal(const Endpoint& endpoint) {
  boost::system::error_code is_name;
  const auto address = asio::ip::make_address(endpoint.host, is_name);
  if (is_name) return std::nullopt;
  return Addresses(1, asio::ip::tcp::endpoint(address, endpoint.port));
}

}  // namespace

Addresses interleave(const Addresses& addresses) {
  Addresses first;
  Addresses second;
  for (const auto& address : addresses) {
    const bool same = address.protocol() == addresses.front().protocol();
    (same ? first : second).push_back(address);
  }
  Addresses mixed;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) mixed.push_back(first[i]);
    if (i < second.size()) mixed.push_back(second[i]);
  }
  return mixed;
}

asio::awaitable<Result<Addresses>> look_up(Endpoint endpoint, steady_clock::time_point deadline,
                                           AddressLookUp system) {
  if (auto known = literal(endpoint)) co_return std::move(*known);
  const auto asked = std::make_shared<LookUp>(endpoint, system != nullptr ? system : ::getaddrinfo);
  if (!start(asked)) co_return cannot_look_up(endpoint);
  co_await wait_for(asked, deadline);
  if (!asked->done.load(std::memory_order_acquire)) co_return look_up_hangs(endpoint);
  if (asked->addresses.empty()) co_return does_not_resolve(endpoint, asked->failure);
  co_return asked->addresses;
}

}  // namespace semantrix::net
