// The store's own tests, and the conformance suite through discovery, TLS and AUTH.
#include "memorystore/fixture.hpp"
#include <semantrix/testing/conformance.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace {

using namespace semantrix;
using namespace semantrix::testing;

/// One instance for the whole suite.
struct World {
  World() {
    InstanceProcess::Settings settings;
    settings.password = "secret";
    process = std::make_unique<InstanceProcess>(certificates(), settings);
    Google::Instance instance;
    instance.at = process->endpoint();
    instance.auth_string = "secret";
    instance.authorities.push_back(certificates().authority("one"));
    google.set(instance);
  }
  Google google;
  std::unique_ptr<InstanceProcess> process;
};

StoreFactory found_by(const std::shared_ptr<World>& world) {
  return [world](const StoreRequest& request) {
    GoogleMemorystoreOptions options;
    options.project_id = "p";
    options.region = "us-central1";
    options.instance_id = "cache";
    options.google.endpoint_url = world->google.url();
    options.google.access_token = "token";
    options.key_prefix = random_prefix();
    options.default_ttl = request.default_ttl;
    options.network.connect_timeout = std::chrono::seconds(10);
    options.network.read_timeout = std::chrono::seconds(10);
    options.network.deadline = std::chrono::seconds(30);
    StoreUnderTest subject;
    subject.store = std::make_shared<GoogleMemorystoreCacheStore>(std::move(options));
    return subject;
  };
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  register_conformance_tests("memorystore", found_by(std::make_shared<World>()));
  return RUN_ALL_TESTS();
}
