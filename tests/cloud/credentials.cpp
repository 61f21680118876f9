#include "cloud/aws/credentials_chain.hpp"
#include "cloud_program.hpp"
#include "support/played_surroundings.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace aws = semantrix::aws;
namespace fs = std::filesystem;
namespace json = boost::json;
using semantrix::Error;
using semantrix::ErrorCode;
using semantrix::Result;
using semantrix::testing::http_answer;
using semantrix::testing::PlayedSurroundings;
using semantrix::testing::PlayedTransport;

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string text(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? std::string() : std::string(found->as_string().c_str());
}

/// One exchange that was recorded.
struct Exchange {
  std::string method;
  std::string url;
  int status = 0;
  std::string body = {};
};

std::vector<Exchange> recorded(const fs::path& path) {
  std::vector<Exchange> exchanges;
  const json::value traffic = json::parse(bytes_of(path));
  for (const json::value& event : traffic.at("events").as_array()) {
    const json::object& action = event.at("action").as_object();
    if (const json::value* request = action.if_contains("Request")) {
      const json::object& asked = request->at("request").as_object();
      exchanges.push_back({text(asked, "method"), text(asked, "uri")});
    } else if (const json::value* response = action.if_contains("Response")) {
      exchanges.back().status =
          static_cast<int>(response->at("response").at("Ok").at("status").as_int64());
    } else if (const json::value* data = action.if_contains("Data")) {
      if (data->at("direction").as_string() == "Response") {
        exchanges.back().body += text(data->at("data").as_object(), "Utf8");
      }
    }
  }
  return exchanges;
}

/// Plays the exchanges in their order; anything else is an error that no case expects.
PlayedTransport::Answer play(std::vector<Exchange> exchanges) {
  return [exchanges = std::move(exchanges),
          next = std::size_t{0}](const PlayedTransport::Arrival& arrival) mutable {
    if (next == exchanges.size()) {
      return Result<semantrix::net::HttpResponse>(
          Error(ErrorCode::internal, "one request too many: " + arrival.url));
    }
    const Exchange& exchange = exchanges[next++];
    std::string url = exchange.url;
    if (url.starts_with("https://") && url.ends_with('/')) url.pop_back();
    if (exchange.method != arrival.request.method || url != arrival.url) {
      return Result<semantrix::net::HttpResponse>(
          Error(ErrorCode::internal, arrival.url + " instead of " + exchange.url));
    }
    return Result<semantrix::net::HttpResponse>(http_answer(exchange.status, exchange.body));
  };
}

using Found = Result<std::optional<aws::Credentials>>;

Found find(const PlayedSurroundings& world) {
  boost::asio::io_context context;
  std::optional<Found> found;
  const auto source = aws::default_credentials(world.share(), "");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  boost::asio::co_spawn(
      context, source->fetch(deadline),
      [&](const std::exception_ptr&, Found result) { found = std::move(result); });
  context.run();
  return found.value();
}

std::string complaint(const Found& found, const json::object& expected) {
  if (expected.contains("ErrorContains")) {
    if (!found) return found.error().code() == ErrorCode::internal ? found.error().message() : "";
    return *found ? "finds credentials" : "";
  }
  if (!found) return found.error().to_string();
  if (!*found) return "finds nothing";
  const aws::Credentials& got = **found;
  const json::object& wanted = expected.at("Ok").as_object();
  if (got.access_key_id != text(wanted, "access_key_id")) return "another access key";
  if (got.secret_access_key != text(wanted, "secret_access_key")) return "another secret";
  if (got.session_token != text(wanted, "session_token")) return "another token";
  if (got.account_id != text(wanted, "account_id")) return "another account";
  const json::value* expiry = wanted.if_contains("expiry");
  if ((expiry != nullptr) != got.expires.has_value()) return "another expiry";
  const bool same =
      expiry == nullptr || std::chrono::system_clock::to_time_t(*got.expires) == expiry->as_int64();
  return same ? "" : "another expiry";
}

std::string run_case(const fs::path& folder) {
  PlayedSurroundings world;
  const json::value variables = json::parse(bytes_of(folder / "env.json"));
  for (const auto& [name, value] : variables.as_object()) {
    world.variables[name] = value.as_string().c_str();
  }
  if (fs::exists(folder / "fs")) {
    for (const auto& entry : fs::recursive_directory_iterator(folder / "fs")) {
      if (!entry.is_regular_file()) continue;
      const std::string path = "/" + fs::relative(entry.path(), folder / "fs").string();
      world.files[path] = bytes_of(entry.path());
    }
  }
  world.answer(play(recorded(folder / "http-traffic.json")));
  const json::value test = json::parse(bytes_of(folder / "test-case.json"));
  return complaint(find(world), test.at("result").as_object());
}

}  // namespace

namespace semantrix::cloud_program {

int credentials(const std::string& folder) {
  int passed = 0;
  int failed = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!fs::exists(entry.path() / "test-case.json")) continue;
    const std::string wrong = run_case(entry.path());
    ++(wrong.empty() ? passed : failed);
    if (!wrong.empty()) std::cout << entry.path().filename().string() << ": " << wrong << '\n';
  }
  std::cout << passed << " of " << passed + failed << " pass\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace semantrix::cloud_program
