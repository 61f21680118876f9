#include "cli/session.hpp"

#include "base/url.hpp"
#include <semantrix/open.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <exception>

namespace semantrix::cli {
namespace {

bool takes_deadline(std::string_view scheme) {
  const auto kinds = store_kinds();
  const auto kind = std::ranges::find(kinds, scheme, &StoreKind::scheme);
  if (kind == kinds.end()) return false;
  return std::ranges::find(kind->options, "deadline", &UrlOption::name) != kind->options.end();
}

std::string store_url(const Context& context, std::string_view fallback_url) {
  if (!context.store_url.empty()) return url_with_timeout(context, context.store_url);
  if (!fallback_url.empty()) return url_with_timeout(context, fallback_url);
  throw CacheError(Error(ErrorCode::missing_configuration, "no store is named",
                         "name one with --store URL or in SEMANTRIX_STORE, e.g. --store "
                         "'memory://?snapshot=cache.smx'"));
}

// What went wrong at start without stopping the store. Only a store that has no server to ask is
// asked here; the others would pay a round trip for nothing.
void report_start(Context& context, Session& session) {
  if (session.store.capability().networked) return;
  const Description description = session.store.describe();
  if (!description.warning) return;
  session.warning = description.warning;
  context.note(description.warning->to_string());
  // What found no room is still in the file.
  if (description.warning->code() == ErrorCode::too_large) return;
  context.raise_status(std::max(5, exit_status(description.warning->code())));
}

void close_after_failure(Context& context, Session& session) {
  try {
    session.store.close();
  } catch (const CacheError& error) {
    context.fail(error.error());
  }
}

}  // namespace

std::string url_with_timeout(const Context& context, std::string_view url) {
  const auto parsed = parse_url(url);
  // What is no URL is left to `open`, which says why.
  if (!context.timeout || !parsed || !takes_deadline(parsed->scheme)) return std::string(url);
  const auto& set = parsed->parameters;
  if (std::ranges::find(set, "deadline", &UrlParameter::name) != set.end()) return std::string(url);
  const char joint = url.find('?') == std::string_view::npos ? '?' : '&';
  return fmt::format("{}{}deadline={}ms", url, joint, context.timeout->count());
}

void with_store(Context& context, std::string_view fallback_url,
                const std::function<void(Session&)>& work) {
  Session session{BlockingStore(open(store_url(context, fallback_url)))};
  try {
    report_start(context, session);
    work(session);
    context.out.flush();
  } catch (...) {
    close_after_failure(context, session);
    throw;
  }
  session.store.close();
}

void with_store(Context& context, const std::function<void(Session&)>& work) {
  with_store(context, {}, work);
}

}  // namespace semantrix::cli
