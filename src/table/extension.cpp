// table/extension.cpp: building blocks of lowered predicates, and option text.
#include "table/extension.h"

namespace hookline {

Lowered masked(Dimension dimension, uint32_t value, uint32_t mask, bool inverted) {
  // A value with bits outside the mask equals no packet: the plain test is never true, the inverted one always is.
  if ((value & ~mask) != 0) return inverted ? always() : never();
  if (mask == 0) return inverted ? never() : always();
  const auto op = inverted ? WordTest::Op::kMaskedNotEqual : WordTest::Op::kMaskedEqual;
  return Lowered{.boxes = {Box{WordTest{dimension, op, value, mask}}}};
}

Lowered in_range(Dimension dimension, uint32_t low, uint32_t high, bool inverted) {
  const auto range = [dimension](uint32_t a, uint32_t b) { return Box{WordTest{dimension, WordTest::Op::kRange, a, b}}; };
  if (!inverted) {
    if (low > high) return never();
    if (low == 0 && high == UINT32_MAX) return always();
    return Lowered{.boxes = {range(low, high)}};
  }
  if (low > high) return always();
  Lowered result = never();
  if (low > 0) result.boxes.push_back(range(0, low - 1));
  if (high < UINT32_MAX) result.boxes.push_back(range(high + 1, UINT32_MAX));
  return result;
}

Lowered both(const Lowered& left, const Lowered& right) {
  Lowered result = never();
  result.exact = left.exact && right.exact;
  result.may_hotdrop = left.may_hotdrop || right.may_hotdrop;
  if (left.boxes.size() * right.boxes.size() > kMaxBoxes) {
    // Keep the side with fewer alternatives as bounds; the match itself decides the rest.
    const Lowered& kept = left.boxes.size() <= right.boxes.size() ? left : right;
    result.boxes = kept.boxes;
    result.exact = false;
    return result;
  }
  for (const Box& a : left.boxes)
    for (const Box& b : right.boxes) {
      Box box = a;
      box.insert(box.end(), b.begin(), b.end());
      result.boxes.push_back(std::move(box));
    }
  return result;
}

void TextOut::add_quoted(std::string_view value) {
  // A string of these characters alone stays bare.
  constexpr std::string_view kBare = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  text_ += ' ';
  if (!value.empty() && value.find_first_not_of(kBare) == std::string_view::npos) {
    text_ += value;
    return;
  }
  text_ += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == '\'') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

}  // namespace hookline
