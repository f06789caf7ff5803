#include "engines/engine.h"

#include <array>
#include <string>
#include <utility>

#include "classify/classify.h"
#include "compile/compile.h"
#include "load/decode.h"
#include "reference/reference.h"

namespace hookline {
namespace {

class ReferenceTableEngine final : public TableEngine {
 public:
  ReferenceTableEngine(const Table& table, std::shared_ptr<World> world) : engine_(table, std::move(world)) {}
  Outcome walk(Hook hook, Packet& packet) override { return engine_.walk(hook, packet); }

 private:
  ReferenceEngine engine_;
};

using Classify = void (*)(const LoadedProgram&, Hook, std::span<Packet* const>, Scratch&, std::span<Outcome>);

// A Program walked one packet at a time, by the index or rule by rule.
template <Classify run>
class ProgramEngine final : public TableEngine {
 public:
  ProgramEngine(std::shared_ptr<const LoadedProgram> program, std::shared_ptr<World> world)
      : program_(std::move(program)), scratch_(*program_, std::move(world)) {}
  Outcome walk(Hook hook, Packet& packet) override {
    const std::array<Packet*, 1> packets = {&packet};
    std::array<Outcome, 1> outcomes;
    run(*program_, hook, packets, scratch_, outcomes);
    return outcomes[0];
  }

 private:
  std::shared_ptr<const LoadedProgram> program_;
  Scratch scratch_;
};

}  // namespace

std::string_view engine_name(EngineKind kind) {
  switch (kind) {
    case EngineKind::kReference:
      return "reference";
    case EngineKind::kLinear:
      return "linear";
    case EngineKind::kCompiled:
      return "compiled";
  }
  return {};
}

Result<EngineKind> engine_from_name(std::string_view name) {
  for (const EngineKind kind : {EngineKind::kReference, EngineKind::kLinear, EngineKind::kCompiled}) {
    if (engine_name(kind) == name) return kind;
  }
  return fail(ProblemKind::kUsage, "--engine", std::string("'").append(name).append("'"), "compiled, reference or linear");
}

Result<std::unique_ptr<TableEngine>> make_engine(EngineKind kind, const Table& table, std::shared_ptr<World> world,
                                                 const CompileOptions& options) {
  if (Problems problems = refusals(table); !problems.empty()) return fail(std::move(problems));
  if (kind == EngineKind::kReference) return std::make_unique<ReferenceTableEngine>(table, std::move(world));

  Result<Compiled> compiled = compile(table, options);
  if (!compiled) return fail(std::move(compiled.error()));
  auto loaded = LoadedProgram::load(std::move(compiled->program));
  if (!loaded) return fail(std::move(loaded.error()));
  if (kind == EngineKind::kLinear)
    return std::make_unique<ProgramEngine<classify_linear>>(*std::move(loaded), std::move(world));
  return std::make_unique<ProgramEngine<classify>>(*std::move(loaded), std::move(world));
}

Result<std::vector<std::unique_ptr<TableEngine>>> make_engines(EngineKind kind, std::span<const Table> tables,
                                                               std::shared_ptr<const HostView> host,
                                                               std::optional<Family> only, const CompileOptions& options) {
  const auto world = std::make_shared<World>(std::move(host));
  std::vector<std::unique_ptr<TableEngine>> engines(tables.size());
  for (size_t i = tables.size(); i-- > 0;) {  // as a load starts them
    if (only && tables[i].family != *only) continue;
    auto engine = make_engine(kind, tables[i], world, options);
    if (!engine) return fail(std::move(engine.error()));
    engines[i] = *std::move(engine);
  }
  return engines;
}

}  // namespace hookline
