#pragma once

#include <semantrix/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Store URLs: SCHEME://[USER[:PASSWORD]@][HOST[:PORT][,HOST…]][/PATH…][?NAME=VALUE[&…]]
namespace semantrix {

struct UrlHost {
  std::string name;  ///< A name or an address; IPv6 without its brackets.
  std::optional<std::uint16_t> port;
  friend bool operator==(const UrlHost&, const UrlHost&) = default;
};

struct UrlParameter {
  std::string name;
  std::optional<std::string> value;  ///< Nothing when there was no "=".
  friend bool operator==(const UrlParameter&, const UrlParameter&) = default;
};

/// A store URL in its parts, all percent-decoded. A "+" is a plus.
struct StoreUrl {
  std::string scheme;  ///< In lower case.
  std::optional<std::string> user;
  std::optional<std::string> password;
  std::vector<UrlHost> hosts;            ///< None for "memory://".
  std::vector<std::string> path;         ///< Segments; empty ones left out.
  std::vector<UrlParameter> parameters;  ///< In their order, duplicates included.
  std::string redacted;                  ///< The URL's text, fit for messages: see `redact_url`.
};

/// Reads a store URL. Characters that a URL must escape are taken as they stand in the query and
/// the path, so that file names need no care beyond %, # and &. Error (`invalid_argument`): one
/// sentence that shows the URL redacted.
[[nodiscard]] Result<StoreUrl> parse_url(std::string_view text);

/// The text of a URL without its secrets: a password, a user that has none (it may be one), and the
/// values of parameters with the name of a secret become "***". Rather hides too much than too
/// little of what is no proper URL.
[[nodiscard]] std::string redact_url(std::string_view text);

}  // namespace semantrix
