// The conformance suite for DynamoDBCacheStore on one stand-in for the service, named by the
// argument. Time is real. Each case has a table of its own, which its first call creates.
#include "support/servers.hpp"
#include <semantrix/dynamodb_store.hpp>
#include <semantrix/testing/conformance.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::testing {
namespace {

using namespace std::chrono_literals;

/// The stand-ins are slower than the service, and CI's machine is slower than ours.
DynamoDBOptions options_for(const ServerAddress& address) {
  static std::atomic<int> cases{0};
  DynamoDBOptions options;
  options.table_name = "case-" + std::to_string(++cases);
  options.region_name = "us-west-2";
  options.endpoint_url = "http://127.0.0.1:" + std::to_string(address.endpoint().port);
  options.access_key_id = "local";
  options.secret_access_key = "local";
  options.key_prefix = "t:";
  options.network.read_timeout = 10s;
  options.network.deadline = 20s;
  return options;
}

StoreFactory on(ServerAddress address) {
  return [address = std::move(address)](const StoreRequest& request) {
    DynamoDBOptions options = options_for(address);
    options.default_ttl = request.default_ttl;
    StoreUnderTest subject;
    subject.store = std::make_shared<DynamoDBCacheStore>(std::move(options));
    return subject;
  };
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: dynamodb_conformance_test FORM\n";
    return 2;
  }
  const std::string form = argv[1];
  semantrix::testing::register_conformance_tests(
      form, semantrix::testing::on(semantrix::testing::server(form)));
  return RUN_ALL_TESTS();
}
