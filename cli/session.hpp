#pragma once

#include "cli/context.hpp"
#include <semantrix/blocking_store.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace semantrix::cli {

/// A store that a command works on, while it works.
struct Session {
  BlockingStore store;
  std::optional<Error> warning = {};  ///< Why part of what the store held is not in it.
};

/// Opens the store of the command line, does the work, writes standard output, closes the store (a
/// snapshot is written then) and reports what fails, whichever step it is. The store is closed also
/// when the work throws. `fallback_url` serves commands that need no store named; an empty one
/// makes its absence an error.
void with_store(Context& context, std::string_view fallback_url,
                const std::function<void(Session&)>& work);
void with_store(Context& context, const std::function<void(Session&)>& work);

/// The URL with `--timeout` as its `deadline`, where the scheme has such an option and the URL does
/// not set it.
[[nodiscard]] std::string url_with_timeout(const Context& context, std::string_view url);

}  // namespace semantrix::cli
