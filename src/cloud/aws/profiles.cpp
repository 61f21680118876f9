#include "cloud/aws/profiles.hpp"

#include "base/quote.hpp"

#include <optional>

namespace semantrix::aws {
namespace {

Result<void> load(Profiles& profiles, const cloud::Surroundings& surroundings, ProfileFile file,
                  std::string_view variable, std::string_view otherwise) {
  std::string path = surroundings.variable(variable);
  path = cloud::expand_home(surroundings, path.empty() ? otherwise : path);
  const Result<std::optional<std::string>> text = surroundings.file(path);
  if (!text) return text.error();
  if (!*text) return {};
  const Result<void> added = add_profiles(profiles, **text, file);
  if (added) return {};
  return Error(added.error().code(), quote(path) + ": " + added.error().message(),
               added.error().remedy());
}

}  // namespace

std::string profile_name(const cloud::Surroundings& surroundings, std::string_view asked_for) {
  if (!asked_for.empty()) return std::string(asked_for);
  std::string name = surroundings.variable("AWS_PROFILE");
  return name.empty() ? "default" : name;
}

Result<Profiles> load_profiles(const cloud::Surroundings& surroundings) {
  Profiles profiles;
  // What comes first stays.
  const Result<void> secrets = load(profiles, surroundings, ProfileFile::credentials,
                                    "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  if (!secrets) return secrets.error();
  const Result<void> config =
      load(profiles, surroundings, ProfileFile::config, "AWS_CONFIG_FILE", "~/.aws/config");
  if (!config) return config.error();
  return profiles;
}

}  // namespace semantrix::aws
