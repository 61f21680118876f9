// The conformance suite for ElastiCacheStore on one real server, the form named by the argument.
// Time is real. Each case has a random prefix of its own; what it leaves is scanned by nobody else
// but costs the later scans of `keys` and `size` their time, so it goes when the case has ended.
#include "integration/subject.hpp"
#include <semantrix/layers/tags.hpp>
#include <semantrix/testing/conformance.hpp>

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace semantrix::testing {
namespace {

StoreFactory on(ServerAddress address) {
  return [address = std::move(address)](const StoreRequest& request) {
    ElastiCacheOptions options = options_for(address);
    options.default_ttl = request.default_ttl;
    StoreUnderTest subject;
    subject.store = std::make_shared<ElastiCacheStore>(std::move(options));
    return subject;
  };
}

StoreFactory with_tags(StoreFactory factory) {
  return [factory = std::move(factory)](const StoreRequest& request) {
    StoreUnderTest subject = factory(request);
    subject.store = std::make_shared<TagsLayer>(std::move(subject.store));
    return subject;
  };
}

/// What a case left is nobody's.
class Sweep final : public ::testing::EmptyTestEventListener {
 public:
  explicit Sweep(ServerAddress address) : address_(std::move(address)) {}

  void OnTestEnd(const ::testing::TestInfo& /*test*/) override {
    if (address_.form.starts_with("memcached")) {
      ElastiCacheOptions options = options_for(address_);
      options.key_prefix = "semantrix:";
      client_of(options).clear();
      return;
    }
    for (const Endpoint& node : address_.endpoints) redis_cli(address_, node, {"FLUSHALL"});
  }

 private:
  ServerAddress address_;
};

void register_all(const std::string& form) {
  const ServerAddress address = server(form);
  const StoreFactory factory = on(address);
  register_conformance_tests(form, factory);
  if (form == "redis" || form == "memcached") {
    register_conformance_tests(form + ".blocking", factory, {.front = Front::blocking});
    register_conformance_tests(form + ".tags", with_tags(factory), {.only = "tag"});
    register_conformance_tests(form + ".token", factory, {.front = Front::token});
  }
  ::testing::UnitTest::GetInstance()->listeners().Append(new Sweep(address));
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (argc != 2) {
    std::cerr << "usage: elasticache_conformance_test FORM\n";
    return 2;
  }
  semantrix::testing::register_all(argv[1]);
  return RUN_ALL_TESTS();
}
