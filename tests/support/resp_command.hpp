#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace semantrix::testing {

/// The words of a command as a client sends them.
using RespCommand = std::vector<std::string>;

/// Takes one complete RESP command (an array of bulk strings) off the front of `bytes`; nothing
/// while it is incomplete. Throws std::runtime_error for what is no command.
std::optional<RespCommand> take_command(std::string& bytes);

/// The bytes of a command.
std::string resp_command(const RespCommand& words);

/// Whether two command names are the same in any case.
bool same_name(std::string_view left, std::string_view right);

}  // namespace semantrix::testing
