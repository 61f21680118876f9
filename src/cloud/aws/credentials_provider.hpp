#pragma once

#include "cloud/access/renewed.hpp"
#include "cloud/aws/credentials.hpp"

extern template class semantrix::cloud::Renewed<semantrix::aws::Credentials>;

namespace semantrix::aws {

/// Whoever signs holds one, asks `current()` and, where that gives nothing, awaits `get`; on
/// ExpiredTokenException it calls `reject` and asks once more.
using CredentialsProvider = cloud::Renewed<Credentials>;

}  // namespace semantrix::aws
