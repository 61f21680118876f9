#pragma once

#include <cstdint>
#include <string_view>

namespace semantrix::dynamodb {

/// The CRC-32 of ISO 3309, as in gzip and in the header x-amz-crc32, eight bytes a step.
[[nodiscard]] std::uint32_t crc32(std::string_view bytes) noexcept;

/// Whether a response's body is what its header x-amz-crc32 says; one without the header passes.
[[nodiscard]] bool matches_crc32(std::string_view header, std::string_view body) noexcept;

}  // namespace semantrix::dynamodb
