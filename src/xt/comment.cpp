// xt/comment.cpp: match `comment`, both families, revision 0: text for people; always true.
//
// Source: kernel xt_comment.c; UAPI linux/netfilter/xt_comment.h.
#include <linux/netfilter/xt_comment.h>

#include "xt/extension.h"
#include "xt/types.h"

namespace hookline::xt {
namespace {

struct Comment {
  std::array<char, XT_MAX_COMMENT_LEN> text;  // ends with a zero byte
};

Decoded<Comment> decode(Bytes data, const DecodeContext&) {
  auto info = read_at<Comment>(data, 0);
  if (!info) return refuse(std::to_string(data.size()) + " bytes of data", std::to_string(sizeof(xt_comment_info)));
  info->text.back() = 0;
  return *info;
}

void print(const Comment& m, TextOut& out) {
  out.add(" --comment");
  out.add_quoted(m.text.data());
}

Answer evaluate(const Comment&, const MatchContext&) { return Answer::kYes; }

Lowered lower(const Comment&, Family) { return always(); }

}  // namespace

constexpr MatchType kCommentMatch =
    match_type<Comment, decode, print, evaluate, lower>({"comment", 0, kBothFamilies, sizeof(xt_comment_info)});

}  // namespace hookline::xt
