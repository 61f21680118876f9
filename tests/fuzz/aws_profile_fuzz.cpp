// Reads arbitrary text as either of AWS's two files. Whatever comes of it, a message is one line
// that shows nothing of the text, and settings have names.

#include "cloud/aws/profile_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace {

using namespace semantrix;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const aws::Settings& settings) {
  for (const auto& [name, value] : settings) {
    require(!name.empty());
    require(aws::setting(settings, name) == value);
    for (const auto& [inner, text] : aws::nested_settings(value)) {
      require(!inner.empty() && text.find('\n') == std::string::npos);
    }
  }
}

void read(std::string_view text, aws::ProfileFile file) {
  aws::Profiles profiles;
  const Result<void> added = aws::add_profiles(profiles, text, file);
  if (added) {
    for (const auto& [name, settings] : profiles.profiles) check(settings);
    for (const auto& [name, settings] : profiles.sso_sessions) check(settings);
    for (const auto& [name, settings] : profiles.services) check(settings);
    return;
  }
  const std::string message = added.error().to_string();
  require(message.starts_with("line "));
  require(message.size() < 200 && message.find('\n') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(text, aws::ProfileFile::config);
  read(text, aws::ProfileFile::credentials);
  return 0;
}
