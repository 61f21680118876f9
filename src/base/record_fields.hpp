#pragma once

#include "base/record.hpp"

#include <string>
#include <string_view>

/// What lies between the head of a record and its payload: tagged fields.
namespace semantrix {

[[nodiscard]] std::string encode_fields(const Record& record);

/// Sets the record's fields; false when they are malformed. Unknown ones are skipped.
[[nodiscard]] bool read_fields(std::string_view fields, Record& record);

}  // namespace semantrix
