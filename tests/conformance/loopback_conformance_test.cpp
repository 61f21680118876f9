// The conformance suite for the store of docs/howto/add_a_store.md.
#include "loopback/loopback_store.hpp"
#include <semantrix/testing/conformance.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <memory>

namespace semantrix::testing {
namespace {

StoreUnderTest make_loopback(const StoreRequest& request) {
  auto clock = std::make_shared<FakeClock>();
  LoopbackOptions options;
  options.default_ttl = request.default_ttl;
  options.clock = clock;
  StoreUnderTest subject;
  subject.store = std::make_shared<LoopbackStore>(options);
  subject.advance = [clock](std::chrono::milliseconds by) { clock->advance(by); };
  return subject;
}

}  // namespace
}  // namespace semantrix::testing

int main(int argc, char** argv) {
  using namespace semantrix::testing;
  ::testing::InitGoogleTest(&argc, argv);
  register_conformance_tests("loopback", make_loopback);
  register_conformance_tests("loopback.blocking", make_loopback, {.front = Front::blocking});
  register_conformance_tests("loopback.token", make_loopback, {.front = Front::token});
  return RUN_ALL_TESTS();
}
