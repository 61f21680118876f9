#include "cloud/access/rfc3339.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace semantrix::cloud {
namespace {

/// Reads from the front and remembers whether all of it was there.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  int number(std::size_t digits) {
    int value = 0;
    const std::string_view part = text_.substr(0, digits);
    const char* end = part.data() + part.size();
    const auto [stop, error] = std::from_chars(part.data(), end, value);
    const bool plain = !part.empty() && part.front() >= '0' && part.front() <= '9';
    good_ = good_ && plain && part.size() == digits && stop == end && error == std::errc();
    text_.remove_prefix(part.size());
    return value;
  }
  void expect(char wanted) { good_ = skip(wanted) && good_; }
  bool skip(char wanted) {
    if (text_.empty() || text_.front() != wanted) return false;
    text_.remove_prefix(1);
    return true;
  }
  void skip_digits() {
    const std::size_t end = text_.find_first_not_of("0123456789");
    text_.remove_prefix(end == std::string_view::npos ? text_.size() : end);
  }
  [[nodiscard]] std::string_view rest() const noexcept { return text_; }
  [[nodiscard]] bool good() const noexcept { return good_; }

 private:
  std::string_view text_;
  bool good_ = true;
};

/// What local time is ahead of UTC.
std::chrono::minutes read_offset(Reader& in) {
  if (in.rest() == "Z" || in.rest() == "z" || in.rest() == "UTC") return std::chrono::minutes(0);
  const bool behind = in.skip('-');
  if (!behind) in.expect('+');
  const int hours = in.number(2);
  in.skip(':');
  const std::chrono::minutes offset(hours * 60 + in.number(2));
  if (!in.rest().empty()) in.expect('\0');
  return behind ? -offset : offset;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text) {
  Reader in(text);
  const int year = in.number(4);
  in.expect('-');
  const int month = in.number(2);
  in.expect('-');
  const int day = in.number(2);
  if (!in.skip('t') && !in.skip(' ')) in.expect('T');
  const int hour = in.number(2);
  in.expect(':');
  const int minute = in.number(2);
  in.expect(':');
  const int second = in.number(2);
  if (in.skip('.')) in.skip_digits();
  const std::chrono::minutes offset = read_offset(in);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!in.good() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) - offset;
}

}  // namespace semantrix::cloud
