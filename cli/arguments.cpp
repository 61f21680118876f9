#include "cli/arguments.hpp"

#include "base/duration.hpp"
#include "base/quote.hpp"
#include "base/size.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace semantrix::cli {
namespace {

constexpr char mark = '\x1f';
constexpr std::string_view interpreted = "[{%+\x1f";

[[noreturn]] void refuse(std::string_view name, std::string_view why, std::string_view remedy) {
  throw CacheError(
      Error(ErrorCode::invalid_argument, fmt::format("{}: {}", name, why), std::string(remedy)));
}

}  // namespace

std::vector<std::string> disguise(const std::vector<std::string>& arguments) {
  std::vector<std::string> disguised;
  bool options_ended = false;
  for (const std::string& argument : arguments) {
    if (!options_ended && argument == "--") {
      options_ended = true;
      continue;
    }
    const bool marked = argument.empty() || interpreted.find(argument[0]) != interpreted.npos ||
                        (options_ended && argument[0] == '-');
    disguised.push_back(marked ? mark + argument : argument);
  }
  return disguised;
}

std::string undisguise(const std::string& argument) {
  return argument.starts_with(mark) ? argument.substr(1) : argument;
}

CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& target,
                      const std::string& summary) {
  const auto assign = [&target](const std::string& text) { target = undisguise(text); };
  return app.add_option_function<std::string>(name, assign, summary);
}

CLI::Option* add_texts(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                       const std::string& summary) {
  const auto assign = [&target](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) target.push_back(undisguise(text));
  };
  return app.add_option_function<std::vector<std::string>>(name, assign, summary);
}

CLI::Option* add_duration(CLI::App& app, const std::string& name,
                          std::optional<std::chrono::milliseconds>& target,
                          const std::string& summary) {
  const auto assign = [&target, name](const std::string& text) {
    const auto parsed = parse_duration(undisguise(text));
    if (!parsed) refuse(name, parsed.error().message(), parsed.error().remedy());
    target = *parsed;
  };
  return app.add_option_function<std::string>(name, assign, summary)->type_name("DURATION");
}

CLI::Option* add_count(CLI::App& app, const std::string& name, std::uint64_t& target,
                       CountRange range, const std::string& summary) {
  const auto assign = [&target, name, range](const std::string& text) {
    const auto parsed = parse_count(undisguise(text));
    if (!parsed) refuse(name, parsed.error().message(), parsed.error().remedy());
    if (*parsed < range.at_least || *parsed > range.at_most) {
      refuse(name, fmt::format("{} is out of range", *parsed),
             fmt::format("give a number from {} to {}", range.at_least, range.at_most));
    }
    target = *parsed;
  };
  return app.add_option_function<std::string>(name, assign, summary)->type_name("N");
}

CLI::Option* add_number(CLI::App& app, const std::string& name, double& target, NumberRange range,
                        const std::string& summary) {
  const auto assign = [&target, name, range](const std::string& text) {
    const std::string given = undisguise(text);
    double number = 0;
    const auto [rest, failed] = std::from_chars(given.data(), given.data() + given.size(), number);
    const bool read = failed == std::errc() && rest == given.data() + given.size();
    // A comparison with NaN is false, so NaN is refused as well.
    if (!read || !(number >= range.at_least && number <= range.at_most)) {
      refuse(name,
             fmt::format("{} is not a number from {} to {}", quote(given), range.at_least,
                         range.at_most),
             fmt::format("give one, e.g. {}", target));
    }
    target = number;
  };
  return app.add_option_function<std::string>(name, assign, summary)->type_name("NUMBER");
}

}  // namespace semantrix::cli
