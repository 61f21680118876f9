#pragma once

#include <semantrix/testing/conformance/compiled.hpp>
#include <semantrix/testing/conformance/store_under_test.hpp>

#include <gtest/gtest.h>

#include <string>

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
///
/// The suite is compiled where it is included. Several programs share it when all of them define
/// `SEMANTRIX_CONFORMANCE_SEPARATE` and link one more file, which defines it too and includes
/// <semantrix/testing/conformance/suite.ipp>.
namespace semantrix::testing {

/// Registers a GoogleTest suite called `name` that runs every case that applies. Call it before
/// RUN_ALL_TESTS, once for each store and each way to call it (`ConformanceTraits::front`).
SEMANTRIX_CONFORMANCE_INLINE void register_conformance_tests(const std::string& name,
                                                             const StoreFactory& factory,
                                                             const ConformanceTraits& traits = {});

}  // namespace semantrix::testing

#ifndef SEMANTRIX_CONFORMANCE_SEPARATE
#include <semantrix/testing/conformance/suite.ipp>
#endif
