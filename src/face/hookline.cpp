// face/hookline.cpp: include/hookline/hookline.h: the loading and compiling half of the public face.
//
// Rules cross from here into the run-time library as an image, so neither knows the other's classes.
#include "hookline/hookline.h"

#include <utility>

#include "face/build.h"
#include "face/image.h"
#include "load/decode.h"
#include "load/fetch.h"
#include "load/netns.h"

namespace hookline::v1 {
namespace {

[[noreturn]] void raise(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += (text.empty() ? "" : "\n") + problem.text();
  throw Error(static_cast<Error::Kind>(problems.front().kind), text);
}

Rules compiled(RuleSet set) {
  std::vector<RuleSet> sets;
  sets.push_back(std::move(set));
  const auto built = build_rules(sets);
  if (!built) raise(built.error());
  const std::vector<uint8_t> image = write_image(built->programs);
  return Rules::from_image(image.data(), image.size());
}

}  // namespace

Rules load(const std::string& path, TextFamily family) {
  auto set = load_rule_set(path, family == TextFamily::kIpv6 ? Family::kIpv6 : Family::kIpv4);
  if (!set) raise(set.error());
  return compiled(std::move(*set));
}

Rules fetch(const std::string& netns) {
  auto opened = netns.empty() ? Netns::current() : Netns::open(netns);
  if (!opened) raise(opened.error());
  auto snapshot = hookline::fetch(*opened);
  if (!snapshot) raise(snapshot.error());
  auto set = decode_snapshot(std::move(*snapshot));
  if (!set) raise(set.error());
  return compiled(std::move(*set));
}

}  // namespace hookline::v1
