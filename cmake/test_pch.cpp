// Carries the tests' precompiled header; see testing.cmake.
