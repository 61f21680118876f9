#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A request in the one spelling that client and service both sign.
///
/// Source: AWS, "Create a signed AWS API request" (Signature Version 4).
namespace semantrix::sigv4 {

struct Header {
  std::string_view name;  ///< In any case.
  std::string_view value;
};

/// A request as it will be sent; the texts must outlive it.
struct Request {
  std::string_view method = "GET";
  /// As it stands in the request line, escapes included.
  std::string_view path = "/";
  /// As it stands in the request line after the "?".
  std::string_view query = {};
  /// Each of them is signed, but for those that proxies change or drop: User-Agent, Connection,
  /// Expect, Transfer-Encoding, X-Amzn-Trace-Id and Authorization. Host is needed, with a port that
  /// is not the scheme's own, exactly as it is sent.
  std::span<const Header> headers = {};
  /// `body_hash` of exactly the bytes that are sent.
  std::string_view body_hash = {};
};

/// What services do differently. The defaults suit all of them but S3.
struct Dialect {
  bool normalize_path = true;      ///< "//", "/./" and "/x/../" are simplified first.
  bool sign_session_token = true;  ///< Otherwise it is added afterwards.
};

/// Lower-case names and trimmed values in the order of the names; values of one name are joined
/// with commas in the order in which they came.
using CanonicalHeaders = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] CanonicalHeaders canonical_headers(std::span<const Header> headers);

/// "host;x-amz-date".
[[nodiscard]] std::string signed_header_names(const CanonicalHeaders& headers);

/// Escaped once more, as every service but S3 asks.
[[nodiscard]] std::string canonical_path(std::string_view path, const Dialect& dialect);

/// Escaped anew and sorted by name, then by value.
[[nodiscard]] std::string canonical_query(std::string_view query);

/// All of it. `headers` are those that are signed, `query` replaces that of the request.
[[nodiscard]] std::string canonical_request(const Request& request, std::string_view query,
                                            const CanonicalHeaders& headers,
                                            const Dialect& dialect);

}  // namespace semantrix::sigv4
