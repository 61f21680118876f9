// Gets one key over and over, on the caller's executor, and says what that cost: one JSON object.
//
//   semantrix_dynamodb_peer URL REQUESTS CALLERS
#include <semantrix/dynamodb_store.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

using boost::asio::awaitable;
using semantrix::DynamoDBCacheStore;

constexpr int warm_up = 200;

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

awaitable<void> get(DynamoDBCacheStore& store, int& left, std::size_t& bytes) {
  while (left-- > 0) {
    auto getting = store.get_exact("key1");
    const auto value = co_await std::move(getting);
    if (value) bytes += value->size();
  }
}

/// The bytes of all answers.
std::size_t pass(boost::asio::io_context& context, DynamoDBCacheStore& store, int requests,
                 int callers) {
  int left = requests;
  int running = callers;
  std::size_t bytes = 0;
  for (int i = 0; i != callers; ++i) {
    boost::asio::co_spawn(context, get(store, left, bytes), [&](const std::exception_ptr& thrown) {
      if (thrown) std::rethrow_exception(thrown);
      if (--running == 0) context.stop();
    });
  }
  context.restart();
  context.run();
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: semantrix_dynamodb_peer URL REQUESTS CALLERS\n";
    return 2;
  }
  const int requests = std::atoi(argv[2]);
  const int callers = std::atoi(argv[3]);
  boost::asio::io_context context(1);
  semantrix::DynamoDBOptions options;
  options.table_name = "cache";
  options.region_name = "us-west-2";
  options.endpoint_url = argv[1];
  options.access_key_id = "bench";
  options.secret_access_key = "bench";
  options.auto_batch = false;
  options.executor = context.get_executor();
  DynamoDBCacheStore store(options);
  static_cast<void>(pass(context, store, warm_up, callers));
  const double cpu_before = cpu_seconds();
  const auto before = std::chrono::steady_clock::now();
  const std::size_t bytes = pass(context, store, requests, callers);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - before;
  const double cpu = cpu_seconds() - cpu_before;
  std::cout << "{\"cpu_us\":" << cpu * 1e6 / requests
            << ",\"wall_us\":" << wall.count() * 1e6 / requests << ",\"bytes\":" << bytes << "}\n";
  return 0;
}
