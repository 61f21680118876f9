#pragma once

#include "python.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::python {

/// The tags of an `add`: any iterable of `str` but a `str` itself, which would be taken letter by
/// letter.
class Tags {
 public:
  [[nodiscard]] bool read(PyObject* tags);
  [[nodiscard]] std::span<const std::string_view> views() const noexcept { return views_; }

 private:
  std::vector<std::string> tags_;
  std::vector<std::string_view> views_;
};

}  // namespace semantrix::python
