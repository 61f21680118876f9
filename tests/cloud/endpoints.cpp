#include "cloud/aws/endpoint.hpp"
#include "cloud_program.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace {

namespace aws = semantrix::aws;
namespace json = boost::json;

std::string text(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  return found == nullptr ? std::string() : std::string(found->as_string().c_str());
}

bool flag(const json::object& object, const char* name) {
  const json::value* found = object.if_contains(name);
  return found != nullptr && found->as_bool();
}

/// The library names tables, never by an ARN, and searches nothing.
bool concerns_us(const json::object& parameters) {
  return !parameters.contains("ResourceArn") && !parameters.contains("ResourceArnList") &&
         !flag(parameters, "IsSearchOperation");
}

aws::EndpointQuestion question_of(const json::object& parameters) {
  aws::EndpointQuestion question;
  question.region = text(parameters, "Region");
  question.endpoint_url = text(parameters, "Endpoint");
  question.fips = flag(parameters, "UseFIPS");
  question.dual_stack = flag(parameters, "UseDualStack");
  if (parameters.contains("AccountId")) question.account_id = text(parameters, "AccountId");
  const auto mode = aws::parse_account_endpoint(text(parameters, "AccountIdEndpointMode"));
  if (mode) question.account_endpoint = *mode;
  return question;
}

/// Empty if the case passes.
std::string complaint(const json::object& test) {
  const auto endpoint = aws::dynamodb_endpoint(question_of(test.at("params").as_object()));
  const json::object& expected = test.at("expect").as_object();
  if (expected.contains("error")) {
    return endpoint ? "answers " + to_string(endpoint->url) : std::string();
  }
  if (!endpoint) return endpoint.error().to_string();
  const json::object& wanted = expected.at("endpoint").as_object();
  std::string url = text(wanted, "url");
  return to_string(endpoint->url) == url ? std::string() : "answers " + to_string(endpoint->url);
}

}  // namespace

namespace semantrix::cloud_program {

int endpoints(const std::string& file) {
  std::ifstream in(file);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  int passed = 0;
  int failed = 0;
  int others = 0;
  const json::value document = json::parse(bytes);
  for (const json::value& value : document.at("testCases").as_array()) {
    const json::object& test = value.as_object();
    const json::value* parameters = test.if_contains("params");
    if (parameters == nullptr || !concerns_us(parameters->as_object())) {
      ++others;
      continue;
    }
    const std::string wrong = complaint(test);
    ++(wrong.empty() ? passed : failed);
    if (!wrong.empty()) std::cout << text(test, "documentation") << ": " << wrong << '\n';
  }
  std::cout << passed << " of " << passed + failed << " pass; " << others
            << " are of things that the library does not do\n";
  return failed == 0 && passed > 0 ? 0 : 1;
}

}  // namespace semantrix::cloud_program
