#include "cloud/gcp/memorystore.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace semantrix::gcp {
namespace {

using boost::asio::awaitable;
namespace json = boost::json;

constexpr int not_found = 404;
/// More than any project has; a page that comes again and again would never end otherwise.
constexpr int most_pages = 1'000;

std::string url_of(const GoogleAccess& access, MemorystoreFlavor flavor) {
  if (!access.endpoint_url.empty()) return access.endpoint_url;
  return flavor == MemorystoreFlavor::valkey ? "https://memorystore.googleapis.com"
                                             : "https://redis.googleapis.com";
}

std::string target_of(std::string_view resource) { return fmt::format("/v1/{}", resource); }

std::string encoded(std::string_view text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

/// "projects/P/locations/europe-west1" or the region alone: the region.
std::string region_of(const json::value& location) {
  const json::string* text = location.if_string();
  if (text == nullptr) return {};
  const std::string_view name(text->data(), text->size());
  const auto slash = name.rfind('/');
  return std::string(slash == std::string_view::npos ? name : name.substr(slash + 1));
}

void append_once(std::vector<std::string>& regions, std::string region) {
  if (region.empty()) return;
  if (std::find(regions.begin(), regions.end(), region) != regions.end()) return;
  regions.push_back(std::move(region));
}

void read_unreachable(const json::object& page, MemorystoreInstances& into) {
  const json::value* unreachable = page.if_contains("unreachable");
  if (unreachable == nullptr || !unreachable->is_array()) return;
  for (const json::value& location : unreachable->get_array()) {
    append_once(into.unreachable, region_of(location));
  }
}

void read_instances(const json::object& page, std::string_view field, MemorystoreFlavor flavor,
                    MemorystoreInstances& into) {
  const json::value* found = page.if_contains(json::string_view(field.data(), field.size()));
  if (found == nullptr || !found->is_array()) return;
  for (const json::value& each : found->get_array()) {
    const json::object* document = each.if_object();
    if (document == nullptr) continue;
    auto instance = read_instance(*document, flavor);
    if (instance) {
      into.instances.push_back(std::move(*instance));
      continue;
    }
    // The placeholder of a region that did not answer: "…/locations/R/instances/-".
    const std::string name = cloud::text_field(*document, "name");
    const auto region = name.find("/locations/");
    if (region == std::string::npos) continue;
    const std::string rest = name.substr(region + std::string_view("/locations/").size());
    append_once(into.unreachable, rest.substr(0, rest.find('/')));
  }
}

}  // namespace

Memorystore::Memorystore(const boost::asio::any_io_executor& executor, const GoogleAccess& access,
                         MemorystoreFlavor flavor, cloud::SharedSurroundings surroundings)
    : flavor_(flavor),
      tokens_(make_token_provider(executor, access, std::move(surroundings))),
      rest_(executor, tokens_, url_of(access, flavor), access.tls) {}

awaitable<Result<SharedInstance>> Memorystore::look(const InstanceName& name, TimePoint deadline) {
  auto asking = rest_.get(target_of(resource_of(name, flavor_)), deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (answer->fault) {
    if (answer->fault->http_status == not_found) co_return SharedInstance();
    co_return to_error(*answer->fault,
                       fmt::format("the instance {} cannot be read", quote(name.instance)));
  }
  std::optional<MemorystoreInstance> read = read_instance(answer->document, flavor_);
  if (!read) {
    co_return Error(ErrorCode::protocol_error, "what answers at Google's address names no instance",
                    "check endpoint_url, and proxies on the way");
  }
  const auto instance = std::make_shared<MemorystoreInstance>(*std::move(read));
  if (flavor_ != MemorystoreFlavor::redis && instance->tls_enabled) {
    auto completing = add_authorities(*instance, deadline);
    const Result<void> completed = co_await std::move(completing);
    if (!completed) co_return completed.error();
  }
  co_return SharedInstance(instance);
}

awaitable<Result<void>> Memorystore::add_authorities(MemorystoreInstance& instance,
                                                     TimePoint deadline) {
  auto asking = rest_.get(target_of(instance.name) + "/certificateAuthority", deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (answer->fault) {
    co_return to_error(*answer->fault, "the instance's certificate authorities cannot be read");
  }
  instance.ca_certs = read_authorities(answer->document);
  co_return Result<void>();
}

awaitable<Result<SharedInstance>> Memorystore::get(const InstanceName& name, TimePoint deadline) {
  auto looking = look(name, deadline);
  Result<SharedInstance> found = co_await std::move(looking);
  if (!found || *found) co_return found;
  auto explaining = not_there(name, deadline);
  co_return co_await std::move(explaining);
}

awaitable<Error> Memorystore::not_there(const InstanceName& name, TimePoint deadline) {
  ErrorInfo info;
  info.code = ErrorCode::invalid_argument;
  info.message = fmt::format("there is no instance {} in {} of project {}", quote(name.instance),
                             quote(name.region), quote(name.project));
  info.remedy = "check instance_id and region, or set create_if_missing=true";
  info.phase = Phase::received;
  auto listing = list(name.project, "-", deadline);
  const Result<MemorystoreInstances> all = co_await std::move(listing);
  if (all) {
    for (const MemorystoreInstance& each : all->instances) {
      if (each.instance_id != name.instance) continue;
      info.remedy = fmt::format("there is one in {0}: set region to {0}", each.region);
    }
  }
  co_return Error(std::move(info));
}

awaitable<Result<std::string>> Memorystore::list_page(std::string folder, std::string page_token,
                                                      MemorystoreInstances& into,
                                                      TimePoint deadline) {
  const bool clusters = flavor_ == MemorystoreFlavor::redis_cluster;
  std::string target = target_of(folder);
  if (!page_token.empty()) target += "?pageToken=" + encoded(page_token);
  auto asking = rest_.get(std::move(target), deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (answer->fault) co_return to_error(*answer->fault, "the instances cannot be listed");
  read_unreachable(answer->document, into);
  read_instances(answer->document, clusters ? "clusters" : "instances", flavor_, into);
  co_return cloud::text_field(answer->document, "nextPageToken");
}

awaitable<Result<MemorystoreInstances>> Memorystore::list(std::string project, std::string region,
                                                          TimePoint deadline) {
  std::string folder = resource_of({std::move(project), std::move(region), {}}, flavor_);
  folder.pop_back();
  MemorystoreInstances found;
  std::string page_token;
  for (int page = 0; page != most_pages; ++page) {
    auto listing = list_page(folder, page_token, found, deadline);
    Result<std::string> next = co_await std::move(listing);
    if (!next) co_return next.error();
    if (next->empty()) co_return found;
    page_token = *std::move(next);
  }
  co_return Error(ErrorCode::protocol_error, "the list of instances has no end",
                  "check endpoint_url, and proxies on the way");
}

awaitable<Result<std::string>> Memorystore::auth_string(const InstanceName& name,
                                                        TimePoint deadline) {
  auto asking = rest_.get(target_of(resource_of(name, flavor_)) + "/authString", deadline);
  const Result<RestAnswer> answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  if (!answer->fault) co_return cloud::text_field(answer->document, "authString");
  GoogleFault fault = *answer->fault;
  if (fault.permission.empty() && fault.http_status == 403 && fault.reason != "SERVICE_DISABLED") {
    fault.permission = "redis.instances.getAuthString";
  }
  co_return to_error(fault, "the instance's AUTH string cannot be read");
}

}  // namespace semantrix::gcp
