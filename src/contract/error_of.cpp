#include <semantrix/detail/verbs.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <string>

namespace semantrix::detail {

Error error_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const CacheError& error) {
    return error.error();
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) {
      return Error(ErrorCode::cancelled, "the call was cancelled");
    }
    return Error(ErrorCode::internal, std::string("the store threw: ") + error.what());
  } catch (const std::exception& error) {
    return Error(ErrorCode::internal, std::string("the store threw: ") + error.what());
  } catch (...) {
    return Error(ErrorCode::internal, "the store threw something that is no exception");
  }
}

}  // namespace semantrix::detail
