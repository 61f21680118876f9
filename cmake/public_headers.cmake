# Every public header, once: what is installed, and what tests/standalone compiles alone.
# tests/lint/layers_test.py compares the list with the folder.
set(semantrix_public_headers
  semantrix/async.hpp
  semantrix/blocking_store.hpp
  semantrix/cache_store.hpp
  semantrix/capability.hpp
  semantrix/clock.hpp
  semantrix/detail/start.hpp
  semantrix/detail/verbs.hpp
  semantrix/dynamodb_options.hpp
  semantrix/dynamodb_store.hpp
  semantrix/elasticache_options.hpp
  semantrix/elasticache_store.hpp
  semantrix/error.hpp
  semantrix/eviction_policy.hpp
  semantrix/executor.hpp
  semantrix/in_memory_store.hpp
  semantrix/layer.hpp
  semantrix/memory_cache.hpp
  semantrix/memory_options.hpp
  semantrix/network_options.hpp
  semantrix/open.hpp
  semantrix/semantrix.hpp
  semantrix/stats.hpp
  semantrix/tls_options.hpp
  semantrix/value.hpp
  semantrix/version.hpp
)
# The conformance suite and what else helps to test a store; needs GoogleTest.
set(semantrix_testing_headers
  semantrix/testing/conformance.hpp
  semantrix/testing/conformance/batch_cases.hpp
  semantrix/testing/conformance/bounds_cases.hpp
  semantrix/testing/conformance/bytes_cases.hpp
  semantrix/testing/conformance/cases.hpp
  semantrix/testing/conformance/client.hpp
  semantrix/testing/conformance/client_verbs.ipp
  semantrix/testing/conformance/compiled.hpp
  semantrix/testing/conformance/concurrency_cases.hpp
  semantrix/testing/conformance/context.hpp
  semantrix/testing/conformance/entry_cases.hpp
  semantrix/testing/conformance/eviction_cases.hpp
  semantrix/testing/conformance/invalidation_cases.hpp
  semantrix/testing/conformance/key_listing_cases.hpp
  semantrix/testing/conformance/lifecycle_cases.hpp
  semantrix/testing/conformance/lifetime_cases.hpp
  semantrix/testing/conformance/one_key_cases.hpp
  semantrix/testing/conformance/size_cases.hpp
  semantrix/testing/conformance/stats_cases.hpp
  semantrix/testing/conformance/store_under_test.hpp
  semantrix/testing/conformance/suite.ipp
  semantrix/testing/conformance/ttl_cases.hpp
  semantrix/testing/fake_clock.hpp
)
list(TRANSFORM semantrix_public_headers PREPEND ${PROJECT_SOURCE_DIR}/include/)
list(TRANSFORM semantrix_testing_headers PREPEND ${PROJECT_SOURCE_DIR}/include/)
