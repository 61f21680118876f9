#pragma once

#include "layers/flights.hpp"

#include <boost/system/system_error.hpp>

#include <optional>
#include <string>
#include <utility>

namespace semantrix::layers {

/// What `ask` answers, asked once for all who want it at the same time. `ask` gives an awaitable of
/// a `Result<std::optional<Value>>`.
template <class Ask>
awaitable<Result<std::optional<Value>>> ask_once(Flights& flights, std::string name, Ask ask) {
  for (;;) {
    const Flights::Boarding boarding = flights.board(name);
    if (boarding.first) {
      // Left half way, by cancellation, the pilot tells the others to begin anew.
      Pilot pilot(flights, name, boarding.flight);
      const Result<std::optional<Value>> result = co_await ask();
      const bool abandoned = !result && result.error().code() == ErrorCode::cancelled;
      pilot.land(Landing{abandoned, result});
      co_return result;
    }
    if (const auto error = co_await boarding.flight->wait()) {
      throw boost::system::system_error(error);
    }
    const Landing& landing = boarding.flight->landing();
    if (!landing.abandoned) co_return landing.result;
  }
}

}  // namespace semantrix::layers
