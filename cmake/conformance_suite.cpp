// See testing.cmake.
#include <semantrix/testing/conformance/suite.ipp>
