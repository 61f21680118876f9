#pragma once

#include <semantrix/testing/conformance.hpp>
#include <semantrix/testing/conformance/cases.hpp>
#include <semantrix/testing/conformance/client_verbs.ipp>
#include <semantrix/testing/conformance/context.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

/// All of the suite; see conformance.hpp for who includes it.
namespace semantrix::testing {

SEMANTRIX_CONFORMANCE_INLINE void register_conformance_tests(const std::string& name,
                                                             const StoreFactory& factory,
                                                             const ConformanceTraits& traits) {
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
    if (std::string_view(candidate.name).find(traits.only) == std::string_view::npos) continue;
    ::testing::RegisterTest(
        name.c_str(), candidate.name, nullptr, nullptr, __FILE__, __LINE__,
        [=]() -> ::testing::Test* { return new Run(candidate, factory, traits); });
  }
}

}  // namespace semantrix::testing
