#pragma once

#include <semantrix/error.hpp>

#include <string_view>

/// What a multiplexed connection has to say when it fails.
namespace semantrix::net {

/// The peer sent what its protocol does not allow.
[[nodiscard]] Error malformed(std::string_view what);
/// Nothing has arrived for as long as a call waits.
[[nodiscard]] Error gone_silent();
/// The peer took a request for something else: what it says from there on belongs to nobody.
[[nodiscard]] Error out_of_step();
/// A call's deadline came while it was in that phase.
[[nodiscard]] Error out_of_time(Phase phase);
/// Too many calls wait already.
[[nodiscard]] Error overloaded();
[[nodiscard]] Error store_closed();

/// The same error of a call that had come so far.
[[nodiscard]] Error with_phase(const Error& error, Phase phase);

}  // namespace semantrix::net
