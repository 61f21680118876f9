#pragma once

/// Where the suite's functions are compiled: in every file that includes them or, where
/// `SEMANTRIX_CONFORMANCE_SEPARATE` is defined, in the one that includes
/// <semantrix/testing/conformance/suite.ipp>.
#ifdef SEMANTRIX_CONFORMANCE_SEPARATE
#define SEMANTRIX_CONFORMANCE_INLINE
#else
#define SEMANTRIX_CONFORMANCE_INLINE inline
#endif
