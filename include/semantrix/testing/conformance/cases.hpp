#pragma once

#include <semantrix/testing/conformance/batch_cases.hpp>
#include <semantrix/testing/conformance/bounds_cases.hpp>
#include <semantrix/testing/conformance/bytes_cases.hpp>
#include <semantrix/testing/conformance/concurrency_cases.hpp>
#include <semantrix/testing/conformance/context.hpp>
#include <semantrix/testing/conformance/entry_cases.hpp>
#include <semantrix/testing/conformance/eviction_cases.hpp>
#include <semantrix/testing/conformance/invalidation_cases.hpp>
#include <semantrix/testing/conformance/key_listing_cases.hpp>
#include <semantrix/testing/conformance/lifecycle_cases.hpp>
#include <semantrix/testing/conformance/lifetime_cases.hpp>
#include <semantrix/testing/conformance/one_key_cases.hpp>
#include <semantrix/testing/conformance/size_cases.hpp>
#include <semantrix/testing/conformance/stats_cases.hpp>
#include <semantrix/testing/conformance/ttl_cases.hpp>

#include <vector>

namespace semantrix::testing::conformance {

inline std::vector<Case> all_cases() {
  std::vector<Case> all;
  for (const auto& cases :
       {one_key_cases(), bytes_cases(), ttl_cases(), batch_cases(), key_listing_cases(),
        size_cases(), entry_cases(), invalidation_cases(), stats_cases(), bounds_cases(),
        eviction_cases(), lifecycle_cases(), lifetime_cases(), concurrency_cases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace semantrix::testing::conformance
