// engines/engine.h: the three engines behind one face, for whoever compares or chooses: eval, verify, bench, tests.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compile/options.h"
#include "stack/table_engine.h"
#include "table/table.h"
#include "world/world.h"

namespace hookline {

enum class EngineKind : uint8_t { kReference, kLinear, kCompiled };
std::string_view engine_name(EngineKind kind);
Result<EngineKind> engine_from_name(std::string_view name);

// The tables must outlive the engines. Refuses what refusals() names.
Result<std::unique_ptr<TableEngine>> make_engine(EngineKind kind, const Table& table, std::shared_ptr<World> world,
                                                 const CompileOptions& options = {});
// Engines of one kind, parallel to `tables`, that share a World of `host`; null for tables of another family than `only`.
Result<std::vector<std::unique_ptr<TableEngine>>> make_engines(EngineKind kind, std::span<const Table> tables,
                                                               std::shared_ptr<const HostView> host,
                                                               std::optional<Family> only = {},
                                                               const CompileOptions& options = {});

}  // namespace hookline
