// A store that lives in another project, held to the contract by the suite that is shipped.
#include <semantrix/in_memory_store.hpp>
#include <semantrix/layer.hpp>
#include <semantrix/testing/conformance.hpp>
#include <semantrix/testing/fake_clock.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>

namespace {

class OwnStore final : public semantrix::Layer {
 public:
  using Layer::Layer;
};

semantrix::testing::StoreUnderTest make(const semantrix::testing::StoreRequest& request) {
  auto clock = std::make_shared<semantrix::testing::FakeClock>();
  semantrix::InMemoryOptions options;
  options.max_size = request.max_size;
  options.max_bytes = request.max_bytes;
  options.default_ttl = request.default_ttl;
  options.clock = clock;
  semantrix::testing::StoreUnderTest subject;
  subject.store = std::make_shared<OwnStore>(std::make_shared<semantrix::InMemoryStore>(options));
  subject.advance = [clock](std::chrono::milliseconds by) { clock->advance(by); };
  return subject;
}

}  // namespace

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  testing::GTEST_FLAG(filter) = "-*slow_*";
  semantrix::testing::register_conformance_tests("own_store", make, {});
  return RUN_ALL_TESTS();
}
