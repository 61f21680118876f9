#pragma once

#include <openssl/types.h>

#include <string>

namespace semantrix::net {

/// The names that a certificate is for, as its subject's alternative names or else its common name
/// has them, quoted and joined for a message; the first four of many. "nobody" if it has none.
[[nodiscard]] std::string names_of(const X509* certificate);

}  // namespace semantrix::net
