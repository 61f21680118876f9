#pragma once

#include <semantrix/testing/conformance/cases.hpp>
#include <semantrix/testing/conformance/context.hpp>

#include <gtest/gtest.h>

#include <string>
#include <utility>

/// The conformance suite: what every store and every layer must do, whatever is behind it.
///
///     int main(int argc, char** argv) {
///       testing::InitGoogleTest(&argc, argv);
///       semantrix::testing::register_conformance_tests("my_store", make_my_store, {});
///       return RUN_ALL_TESTS();
///     }
///
/// Needs GoogleTest. Cases are chosen by the store's `Capability`; those whose names begin with
/// `slow_` take hundreds of megabytes. Each case runs on a store of its own.
namespace semantrix::testing {

/// Registers a GoogleTest suite called `name` that runs every case that applies. Call it before
/// RUN_ALL_TESTS, once for each store and each way to call it (`ConformanceTraits::front`).
inline void register_conformance_tests(const std::string& name, const StoreFactory& factory,
                                       const ConformanceTraits& traits = {}) {
  class Run final : public ::testing::Test {
   public:
    Run(conformance::Case test_case, StoreFactory make, ConformanceTraits with)
        : case_(test_case), factory_(std::move(make)), traits_(with) {}

   private:
    void TestBody() override {
      conformance::Context context(factory_, traits_);
      case_.run(context);
    }

    conformance::Case case_;
    StoreFactory factory_;
    ConformanceTraits traits_;
  };

  const Capability capability = factory(StoreRequest{}).store->capability();
  for (const conformance::Case& candidate : conformance::all_cases()) {
    if (!candidate.applies(capability, traits)) continue;
    ::testing::RegisterTest(
        name.c_str(), candidate.name, nullptr, nullptr, __FILE__, __LINE__,
        [=]() -> ::testing::Test* { return new Run(candidate, factory, traits); });
  }
}

}  // namespace semantrix::testing
