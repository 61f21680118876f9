#include "memory/snapshot.hpp"
namespace semantrix::memory {
Result<std::size_t> save_snapshot(Engine&, const std::string&) { return Error(ErrorCode::not_supported, "stub"); }
Result<SnapshotReport> load_snapshot(Engine&, const std::string&) { return Error(ErrorCode::not_supported, "stub"); }
}
