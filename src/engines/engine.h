// engines/engine.h: the three engines behind one face, for whoever compares or chooses: eval, verify, bench, tests.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "compile/options.h"
#include "stack/table_engine.h"
#include "table/table.h"

namespace hookline {

enum class EngineKind : uint8_t { kReference, kLinear, kCompiled };
std::string_view engine_name(EngineKind kind);
Result<EngineKind> engine_from_name(std::string_view name);

// The table must outlive the engine. Refuses what refusals() names.
Result<std::unique_ptr<TableEngine>> make_engine(EngineKind kind, const Table& table, const CompileOptions& options = {});

}  // namespace hookline
