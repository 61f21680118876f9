#include "cli/arguments.hpp"
#include "cli/commands.hpp"
#include "cli/format.hpp"
#include "cli/json_text.hpp"
#include <semantrix/error.hpp>
#include <semantrix/executor.hpp>
#include <semantrix/google_memorystore_store.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace semantrix::cli {
namespace {

struct Arguments {
  std::string project;
  std::string region = "-";
  std::string flavor = "redis";
  std::string endpoint_url;
  std::string credentials_file;
};

void add_endpoint(JsonLine& line, std::string_view host_name, const std::string& host,
                  std::string_view port_name, std::uint16_t port) {
  if (host.empty()) {
    line.null(host_name).null(port_name);
  } else {
    line.text(host_name, host).number(port_name, std::uint64_t{port});
  }
}

std::string to_json(const MemorystoreInstance& instance) {
  JsonLine line;
  line.text("name", instance.name)
      .text("instance_id", instance.instance_id)
      .text("region", instance.region)
      .text("flavor", to_string(instance.flavor));
  add_endpoint(line, "host", instance.host, "port", instance.port);
  add_endpoint(line, "read_host", instance.read_host, "read_port", instance.read_port);
  line.text("state", instance.state)
      .number("memory_size_gb", static_cast<std::uint64_t>(instance.memory_size_gb))
      .text("tier", instance.tier)
      .text("version", instance.version)
      .number("replica_count", static_cast<std::uint64_t>(instance.replica_count))
      .boolean("auth", instance.auth_enabled)
      .boolean("iam", instance.iam_enabled)
      .boolean("tls", instance.tls_enabled)
      .text("status_message", instance.status_message);
  return line.str();
}

std::vector<std::string> to_row(const MemorystoreInstance& instance) {
  const std::string at =
      instance.host.empty() ? "-" : fmt::format("{}:{}", instance.host, instance.port);
  return {instance.instance_id,
          instance.region,
          at,
          instance.state,
          fmt::format("{} GiB", instance.memory_size_gb),
          instance.tier.empty() ? "-" : instance.tier,
          instance.version.empty() ? "-" : instance.version};
}

void print(Context& context, const MemorystoreInstances& found) {
  std::vector<std::vector<std::string>> rows{
      {"name", "region", "address", "state", "memory", "tier", "version"}};
  for (const MemorystoreInstance& instance : found.instances) {
    rows.push_back(to_row(instance));
    if (context.json) context.out.line(to_json(instance));
  }
  if (!context.json && rows.size() > 1) context.out.write(table(rows));
  for (const std::string& region : found.unreachable) {
    if (context.json) context.out.line(JsonLine().text("unreachable", region).str());
    context.note(fmt::format(
        "region {} is unreachable: its instances are missing from the list; try again later",
        region));
  }
}

void run(Context& context, const Arguments& arguments) {
  const auto flavor = parse_memorystore_flavor(arguments.flavor);
  if (!flavor) {
    throw CacheError(Error(ErrorCode::invalid_argument, "--flavor is unknown",
                           "name redis, redis_cluster or valkey"));
  }
  if (arguments.project.empty()) {
    throw CacheError(Error(ErrorCode::missing_configuration, "instances needs --project",
                           "name the project by its id"));
  }
  GoogleAccess access;
  access.endpoint_url = arguments.endpoint_url;
  access.credentials_file = arguments.credentials_file;
  if (context.timeout) access.timeout = *context.timeout;
  auto listing = GoogleMemorystoreCacheStore::list_instances(arguments.project, arguments.region,
                                                             std::move(access), *flavor);
  auto found =
      boost::asio::co_spawn(library_executor(), std::move(listing), boost::asio::use_future);
  print(context, found.get());
}

}  // namespace

void declare_instances(CLI::App& app, Context& context) {
  CLI::App& command =
      *app.add_subcommand("instances", "List the Memorystore instances of a Google Cloud project");
  auto arguments = std::make_shared<Arguments>();
  add_text(command, "--project", arguments->project, "The project's id")->type_name("ID");
  add_text(command, "--region", arguments->region, "A region; - stands for all, the default")
      ->type_name("REGION");
  add_text(command, "--flavor", arguments->flavor, "redis (the default), redis_cluster or valkey")
      ->type_name("FLAVOR");
  add_text(command, "--endpoint-url", arguments->endpoint_url,
           "Google's administrative interface, where it is not the public one")
      ->type_name("URL");
  add_text(command, "--credentials-file", arguments->credentials_file,
           "Google credentials in JSON; otherwise Application Default Credentials")
      ->type_name("PATH");
  on_chosen(command, context, arguments, run);
}

}  // namespace semantrix::cli
