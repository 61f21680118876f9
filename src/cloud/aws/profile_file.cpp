#include "cloud/aws/profile_file.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace semantrix::aws {
namespace {

constexpr std::string_view blanks = " \t";

bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

/// Without a comment: from a "#" or ";" that a blank comes before.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    if ((value[i] == '#' || value[i] == ';') && is_blank(value[i - 1])) return value.substr(0, i);
  }
  return value;
}

bool is_comment(std::string_view line) {
  const std::string_view text = trim(line);
  return text.empty() || text.front() == '#' || text.front() == ';';
}

/// "name = value".
std::optional<std::pair<std::string, std::string>> parse_setting(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  std::string name = lower(trim(line.substr(0, equals)));
  if (name.empty()) return std::nullopt;
  // A comment may follow "=" at once: the blank before it belongs to the value's side.
  const std::string_view value = without_comment(line.substr(equals + 1));
  return std::pair(std::move(name), std::string(trim(value)));
}

/// Reads one file, line by line.
class Reader {
 public:
  Reader(Profiles& profiles, ProfileFile file) : profiles_(profiles), file_(file) {}

  Result<void> line(std::string_view line) {
    ++number_;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (is_comment(line)) return {};
    if (is_blank(line.front())) return continued(line);
    if (line.front() == '[') return section(line);
    return property(line);
  }

  /// Gives what was read to the profiles.
  void finish() {
    for (Section& section : sections_) {
      Settings& into = (*section.kind)[section.name];
      into.merge(section.settings);
    }
  }

 private:
  using Kind = std::map<std::string, Settings, std::less<>>;
  struct Section {
    Kind* kind;
    std::string name;
    bool full_name;  // "[profile default]", which outranks "[default]"
    Settings settings = {};
  };

  [[nodiscard]] Error wrong(std::string_view what) const {
    return {ErrorCode::invalid_argument,
            "line " + std::to_string(number_) + " " + std::string(what),
            R"(write "name = value" below a "[section]")"};
  }

  Result<void> section(std::string_view line) {
    setting_ = nullptr;
    current_ = nullptr;
    const std::size_t end = line.find(']');
    if (end == std::string_view::npos) return wrong(R"(has a "[" without its "]")");
    const std::string_view title = trim(line.substr(1, end - 1));
    if (auto found = parse_title(title)) {
      open(*std::move(found));
    } else {
      passed_over_ = true;
    }
    return {};
  }

  [[nodiscard]] std::optional<Section> parse_title(std::string_view title) const {
    if (file_ == ProfileFile::credentials) {
      return Section{&profiles_.profiles, std::string(title), true};
    }
    const std::array<std::pair<std::string_view, Kind*>, 3> kinds = {
        {{"profile", &profiles_.profiles},
         {"sso-session", &profiles_.sso_sessions},
         {"services", &profiles_.services}}};
    for (const auto& [word, kind] : kinds) {
      const bool fits =
          title.size() > word.size() && title.starts_with(word) && is_blank(title[word.size()]);
      if (fits) return Section{kind, std::string(trim(title.substr(word.size()))), true};
    }
    if (title == "default") return Section{&profiles_.profiles, "default", false};
    return std::nullopt;
  }

  /// Goes on with a section of that name, if there is one already.
  void open(Section section) {
    passed_over_ = false;
    const auto same = std::find_if(sections_.begin(), sections_.end(), [&](const Section& other) {
      return other.kind == section.kind && other.name == section.name;
    });
    if (same == sections_.end()) {
      current_ = &sections_.emplace_back(std::move(section));
    } else if (same->full_name == section.full_name) {
      current_ = &*same;
    } else if (section.full_name) {
      *same = std::move(section);
      current_ = &*same;
    } else {
      passed_over_ = true;
    }
  }

  Result<void> property(std::string_view line) {
    setting_ = nullptr;
    if (passed_over_) return {};
    if (current_ == nullptr) return wrong("belongs to no section");
    auto found = parse_setting(line);
    if (!found) return wrong("is neither a section nor a setting");
    std::string& value = current_->settings[found->first];
    value = std::move(found->second);
    setting_ = &value;
    return {};
  }

  Result<void> continued(std::string_view line) {
    if (passed_over_) return {};
    if (setting_ == nullptr) return wrong("continues nothing");
    setting_->append("\n").append(trim(line));
    return {};
  }

  Profiles& profiles_;
  ProfileFile file_;
  std::size_t number_ = 0;
  bool passed_over_ = false;  // the section is of no interest
  std::vector<Section> sections_;
  Section* current_ = nullptr;
  std::string* setting_ = nullptr;
};

}  // namespace

const Settings* Profiles::find(std::string_view profile) const noexcept {
  const auto found = profiles.find(profile);
  return found == profiles.end() ? nullptr : &found->second;
}

Result<void> add_profiles(Profiles& profiles, std::string_view text, ProfileFile file) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Reader reader(profiles, file);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const Result<void> read = reader.line(text.substr(0, end));
    if (!read) return read.error();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  reader.finish();
  return {};
}

std::string_view setting(const Settings& settings, std::string_view name) noexcept {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

Settings nested_settings(std::string_view lines) {
  Settings settings;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (auto found = parse_setting(lines.substr(0, end))) settings.insert(*std::move(found));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return settings;
}

}  // namespace semantrix::aws
