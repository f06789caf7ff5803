#include "xt/ports.h"

namespace hookline::xt {

void print_ports(std::string_view option, PortRange range, bool inverted, TextOut& out) {
  if (range.everything()) return;
  if (inverted) out.add(" !");
  out.add(" ");
  out.add(option);
  out.add(" ");
  out.add(std::to_string(range.low));
  if (range.low != range.high) {
    out.add(":");
    out.add(std::to_string(range.high));
  }
}

Lowered in_domain(Dimension dimension, uint32_t max, uint32_t low, uint32_t high, bool inverted) {
  if (high > max) high = max;
  if (low > high) return inverted ? always() : never();
  if (low == 0 && high == max) return inverted ? never() : always();
  const auto range = [dimension](uint32_t a, uint32_t b) { return Box{WordTest{dimension, WordTest::Op::kRange, a, b}}; };
  if (!inverted) return Lowered{.boxes = {range(low, high)}};
  Lowered result = never();
  if (low > 0) result.boxes.push_back(range(0, low - 1));
  if (high < max) result.boxes.push_back(range(high + 1, max));
  return result;
}

Lowered first_fragment() { return masked(Dimension::kMeta, 0, kShapeLaterFragment << kMetaShapeShift); }

}  // namespace hookline::xt
