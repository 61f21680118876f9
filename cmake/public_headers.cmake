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
  semantrix/error.hpp
  semantrix/eviction_policy.hpp
  semantrix/executor.hpp
  semantrix/in_memory_store.hpp
  semantrix/layer.hpp
  semantrix/memory_cache.hpp
  semantrix/memory_options.hpp
  semantrix/open.hpp
  semantrix/semantrix.hpp
  semantrix/stats.hpp
  semantrix/value.hpp
  semantrix/version.hpp
)
# The conformance suite and what else helps to test a store; needs GoogleTest.
set(semantrix_testing_headers
  semantrix/testing/fake_clock.hpp
)
list(TRANSFORM semantrix_public_headers PREPEND ${PROJECT_SOURCE_DIR}/include/)
list(TRANSFORM semantrix_testing_headers PREPEND ${PROJECT_SOURCE_DIR}/include/)
