#include "cli/line_reader.hpp"

#include "base/quote.hpp"
#include "cli/input.hpp"
#include "cli/interrupt.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace semantrix::cli {
namespace {

constexpr std::size_t block_bytes = std::size_t{256} << 10;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(std::string_view line) noexcept {
  return line.find_first_not_of(" \t\r\v\f") == line.npos;
}

/// Opening a pipe waits for its writer; Ctrl-C ends that too.
int open_for_reading(const std::string& path, const std::string& name) {
  for (;;) {
    interruption_point();
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) return descriptor;
    if (errno != EINTR) throw_unreadable(name, errno);
  }
}

}  // namespace

LineReader::LineReader(const std::string& path, std::size_t line_limit)
    : name_(path == "-" ? "standard input" : quote(path)),
      line_limit_(line_limit),
      descriptor_(path == "-" ? STDIN_FILENO : open_for_reading(path, name_)) {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) return;
  if (S_ISREG(status.st_mode)) total_bytes_ = static_cast<std::uint64_t>(status.st_size);
}

LineReader::~LineReader() {
  if (descriptor_ > STDERR_FILENO) ::close(descriptor_);
}

bool LineReader::next() {
  while (next_raw()) {
    if (number_ == 1 && line_.starts_with(byte_order_mark)) {
      line_.remove_prefix(byte_order_mark.size());
    }
    if (too_long_ || !is_blank(line_)) return true;
  }
  return false;
}

bool LineReader::next_raw() {
  too_long_ = false;
  for (;;) {
    const std::size_t end = buffer_.find('\n', scan_);
    if (end != buffer_.npos || (at_end_ && begin_ < buffer_.size())) {
      const std::size_t stop = end == buffer_.npos ? buffer_.size() : end;
      line_ = std::string_view(buffer_).substr(begin_, stop - begin_);
      if (line_.ends_with('\r')) line_.remove_suffix(1);
      too_long_ = too_long_ || line_.size() > line_limit_;
      if (too_long_) line_ = {};
      begin_ = scan_ = stop == buffer_.size() ? stop : stop + 1;
      ++number_;
      return true;
    }
    if (at_end_) break;
    scan_ = buffer_.size();
    if (scan_ - begin_ > line_limit_) drop_line_so_far();
    fill();
  }
  if (!too_long_) return false;
  // The file ends within the overlong line.
  line_ = {};
  ++number_;
  return true;
}

void LineReader::drop_line_so_far() {
  too_long_ = true;
  begin_ = scan_ = buffer_.size();
}

void LineReader::fill() {
  buffer_.erase(0, begin_);
  scan_ -= begin_;
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + block_bytes);
  const std::size_t count = read_some(descriptor_, buffer_.data() + kept, block_bytes, name_);
  buffer_.resize(kept + count);
  bytes_read_ += count;
  at_end_ = count == 0;
}

}  // namespace semantrix::cli
