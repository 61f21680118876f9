#include "cloud/aws/process_credentials.hpp"

#include "base/quote.hpp"
#include "cloud/access/json_fields.hpp"
#include "cloud/access/program.hpp"
#include "cloud/aws/credentials_document.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace semantrix::aws {
namespace {

constexpr std::string_view who = "the credential_process";
constexpr std::size_t most_words = 400;

/// What it says of itself, short, on one line.
std::string words_of(std::string text) {
  text.resize(std::min(text.size(), most_words));
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return text;
}

Error failed(const std::string& program, const cloud::ProgramOutput& output) {
  ErrorInfo info;
  info.code = ErrorCode::no_credentials;
  info.message = quote(program) + " exited with " + std::to_string(output.status);
  info.remedy = "run the profile's credential_process by hand";
  info.server_message = words_of(output.standard_error);
  return Error(std::move(info));
}

}  // namespace

boost::asio::awaitable<Result<Credentials>> credentials_from_program(
    std::string command, CredentialsSource::Deadline deadline) {
  std::vector<std::string> words = cloud::split_command(command);
  if (words.empty()) {
    co_return Error(ErrorCode::invalid_argument, "credential_process names no program",
                    "write its command line, or leave the setting out");
  }
  const std::string program = words.front();
  auto running = cloud::run_program(std::move(words), deadline);
  const Result<cloud::ProgramOutput> output = co_await std::move(running);
  if (!output) co_return output.error();
  if (output->status != 0) co_return failed(program, *output);
  const auto object = cloud::parse_json_object(output->standard_output);
  if (object && cloud::number_field(*object, "Version") != 1) {
    co_return Error(ErrorCode::protocol_error, std::string(who) + " writes another version than 1",
                    "let it write \"Version\": 1");
  }
  co_return parse_credentials(output->standard_output, "SessionToken", who);
}

}  // namespace semantrix::aws
