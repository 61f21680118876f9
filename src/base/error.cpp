#include <semantrix/error.hpp>

#include <array>
#include <utility>

namespace semantrix {
namespace {

struct CodeTraits {
  std::string_view name;
  int exit_status;
  bool retryable;
};

// In the order of the enumerators.
constexpr std::array code_traits{
    CodeTraits{"invalid_argument", 2, false},
    CodeTraits{"missing_configuration", 2, false},
    CodeTraits{"too_large", 5, false},
    CodeTraits{"not_supported", 5, false},
    CodeTraits{"closed", 5, false},
    CodeTraits{"cancelled", 5, false},
    CodeTraits{"timeout", 3, true},
    CodeTraits{"resolve_failed", 3, true},
    CodeTraits{"connect_failed", 3, true},
    CodeTraits{"tls_failed", 3, false},
    CodeTraits{"connection_lost", 3, true},
    CodeTraits{"unavailable", 3, true},
    CodeTraits{"overloaded", 5, true},
    CodeTraits{"throttled", 5, true},
    CodeTraits{"no_credentials", 4, false},
    CodeTraits{"authentication_failed", 4, false},
    CodeTraits{"permission_denied", 4, false},
    CodeTraits{"server_out_of_memory", 5, false},
    CodeTraits{"protocol_error", 5, false},
    CodeTraits{"corrupt", 5, false},
    CodeTraits{"unsupported_version", 5, false},
    CodeTraits{"io_error", 5, false},
    CodeTraits{"busy", 5, true},
    CodeTraits{"internal", 5, false},
};
static_assert(code_traits.size() == static_cast<std::size_t>(ErrorCode::internal) + 1);

const CodeTraits& traits_of(ErrorCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < code_traits.size() ? code_traits[index] : code_traits.back();
}

ErrorInfo make_info(ErrorCode code, std::string message, std::string remedy) {
  ErrorInfo info;
  info.code = code;
  info.message = std::move(message);
  info.remedy = std::move(remedy);
  info.retryable = traits_of(code).retryable;
  return info;
}

}  // namespace

std::string_view to_string(ErrorCode code) noexcept { return traits_of(code).name; }

int exit_status(ErrorCode code) noexcept { return traits_of(code).exit_status; }

std::string_view to_string(Phase phase) noexcept {
  switch (phase) {
    case Phase::none:
      return "none";
    case Phase::queued:
      return "queued";
    case Phase::connecting:
      return "connecting";
    case Phase::sent:
      return "sent";
    case Phase::received:
      return "received";
  }
  return "none";
}

Error::Error(ErrorInfo info) : info_(std::make_shared<const ErrorInfo>(std::move(info))) {}

Error::Error(ErrorCode code, std::string message, std::string remedy)
    : Error(make_info(code, std::move(message), std::move(remedy))) {}

std::string Error::to_string() const {
  std::string text = message();
  if (!info_->server_message.empty()) text += "; server said " + info_->server_message;
  if (!remedy().empty()) text += "; " + remedy();
  return text;
}

CacheError::CacheError(Error error)
    : std::runtime_error(error.to_string()), error_(std::move(error)) {}

void throw_exception_from_error(const Error& error, const boost::source_location& /*where*/) {
  throw CacheError(error);
}

}  // namespace semantrix
