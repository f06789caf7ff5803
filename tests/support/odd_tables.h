// tests/support/odd_tables.h: one table for each check that the kernel makes at load, and for each that this program adds.
//
// The unit test asks the decoder, the kernel test pushes the same bytes into the running kernel: `kernel_loads` is its
// answer. Source of the checks: kernel net/ipv4/netfilter/ip_tables.c, net/netfilter/x_tables.c.
#pragma once

#include <linux/netfilter/xt_multiport.h>
#include <linux/netfilter/xt_tcpudp.h>

#include <string>
#include <vector>

#include "support/blob_builder.h"

namespace hookline::test {

struct OddTable {
  std::string name;
  RawTable raw;
  bool kernel_loads;
  // What the decoder's problem says; empty: it accepts the table.
  std::string place, found;
};

inline std::vector<uint8_t> tcp_match() {
  xt_tcp tcp{};
  tcp.spts[1] = tcp.dpts[1] = 0xffff;
  return extension("tcp", 0, bytes_of(tcp));
}

// A filter table whose FORWARD chain holds what `rules` adds; chains that it jumps to follow by `chains`.
template <typename Rules, typename Chains>
RawTable filter_with(Family family, Rules rules, Chains chains) {
  BlobBuilder blob(family);
  blob.hook(Hook::kInput).policy(Hook::kInput);
  blob.hook(Hook::kForward);
  rules(blob);
  blob.policy(Hook::kForward);
  blob.hook(Hook::kOutput).policy(Hook::kOutput);
  chains(blob);
  return blob.finish();
}
template <typename Rules>
RawTable filter_with(Family family, Rules rules) {
  return filter_with(family, rules, [](BlobBuilder&) {});
}

inline std::vector<OddTable> odd_tables(Family family) {
  const EntryFields& f = entry_fields(family);
  const auto standard = static_cast<uint32_t>(f.size + 40), error = static_cast<uint32_t>(f.size + 64);
  const auto plain = [&] { return filter_with(family, [](BlobBuilder& b) { b.verdict_rule(kDropCode); }); };
  // The only rule of FORWARD in plain(): the second entry.
  const uint32_t rule = standard;
  std::vector<OddTable> tables;
  const auto add = [&](std::string name, RawTable raw, bool loads, std::string place, std::string found) {
    tables.push_back({std::move(name), std::move(raw), loads, std::move(place), std::move(found)});
  };
  const auto edited = [&](auto edit) {
    RawTable raw = plain();
    edit(raw);
    return raw;
  };
  const std::string forward1 = "filter/FORWARD/1 (offset " + std::to_string(rule) + ")";

  add("plain", plain(), true, "", "");
  add("fall-through and goto",
      filter_with(
          family, [](BlobBuilder& b) { b.fall_through().jump("a", true, 6).jump("a").verdict_rule(kQueueCode, {}, 17); },
          [](BlobBuilder& b) { b.head("a").verdict_rule(kReturnCode).end_of_chain(); }),
      true, "", "");

  // Boundaries and sizes.
  add("no entries", edited([](RawTable& r) { r.entries.clear(), r.entry_count = 0; }), false, "table filter", "no entries");
  add("entry count", edited([](RawTable& r) { ++r.entry_count; }), false, "table filter", "entries");
  add("next_offset too small", edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.next_offset, 64); }), false,
      "filter/entry 2 (offset ", "next_offset 64");
  add("next_offset beyond the end", edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.next_offset, 0xfff8); }),
      false, "filter/entry 2 (offset ", "next_offset 65528");
  add("next_offset not aligned",
      edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.next_offset, static_cast<uint16_t>(standard + 4)); }),
      false, "filter/", "");
  add("bytes after the last entry", edited([&](RawTable& r) { r.entries.resize(r.entries.size() + 8); }), false,
      "filter/entry 6 (offset ", "8 bytes left");
  add("last entry cut", edited([&](RawTable& r) { r.entries.resize(r.entries.size() - 8); }), false,
      "filter/entry 5 (offset ", "next_offset " + std::to_string(error));
  add("entry exactly at the end", edited([&](RawTable& r) { r.entries.resize(r.entries.size() - error + f.size); }), false,
      "filter/entry 5 (offset ", std::to_string(f.size) + " bytes left");

  // Header flags.
  add("unknown flag", edited([&](RawTable& r) { r.entries[rule + f.flags] = 0x40; }), false, forward1, "header flags 64");
  add("unknown inversion", edited([&](RawTable& r) { r.entries[rule + f.invert_flags] = 0x80; }), false, forward1,
      "inversion flags 128");

  // Target.
  add("target_offset inside the header",
      edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.target_offset, static_cast<uint16_t>(f.size - 8)); }),
      false, forward1, "target_offset");
  add("target_offset near the end",
      edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.target_offset, static_cast<uint16_t>(f.size + 16)); }),
      false, forward1, "target_offset");
  add("target shorter than its header", edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.size, 24); }), false,
      forward1, "a target of 24 bytes");
  add("target beyond the entry", edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.size, 48); }), false, forward1,
      "a target of 48 bytes");
  add("standard target in a longer entry",
      filter_with(family,
                  [](BlobBuilder& b) {
                    std::vector<uint8_t> target(48);
                    put<uint16_t>(target, 0, 40);
                    put<int32_t>(target, 32, kDropCode);
                    b.target_rule(target);
                  }),
      false, forward1, "a standard target of 40 bytes in 48");
  add("standard target of another size", edited([&](RawTable& r) { put<uint16_t>(r.entries, rule + f.size, 32); }), false,
      forward1, "a standard target of 32 bytes");
  add("standard target in revision 1", edited([&](RawTable& r) { r.entries[rule + f.size + 31] = 1; }), false, forward1,
      "the standard target in revision 1");
  for (const int32_t verdict : {0, -3, -6, -7, INT32_MIN})
    add("verdict " + std::to_string(verdict), edited([&](RawTable& r) { put(r.entries, rule + f.size + 32, verdict); }),
        false, forward1, "verdict " + std::to_string(verdict));
  add("target name without an end", edited([&](RawTable& r) { std::memset(r.entries.data() + rule + f.size + 2, 'x', 29); }),
      false, forward1, "a target name without an end");
  add("unknown target",
      filter_with(family, [](BlobBuilder& b) { b.target_rule(extension("NONESUCH", 0, std::vector<uint8_t>(8))); }), false,
      forward1, "target NONESUCH rev 0");
  add("ERROR target of another size",
      filter_with(family,
                  [](BlobBuilder& b) {
                    std::vector<uint8_t> target = extension("ERROR", 0, std::vector<uint8_t>(40, 0));
                    b.target_rule(target);
                  }),
      false, "filter/", "an ERROR target of 72 bytes");
  add("chain name without an end",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head(std::string(30, 'n')).end_of_chain(); }),
      false, "filter/nnn", "a chain name without an end");

  // Matches.
  const auto with_match = [&](const std::vector<uint8_t>& match, uint16_t protocol = 6) {
    return filter_with(family, [&](BlobBuilder& b) { b.verdict_rule(kDropCode, {match}, protocol); });
  };
  add("match", with_match(tcp_match()), true, "", "");
  const auto resized = [](std::vector<uint8_t> match, uint16_t size) {
    put(match, 0, size);
    return match;
  };
  add("match shorter than its header", with_match(resized(tcp_match(), 24)), false, forward1, "match 1: 24 bytes");
  add("match beyond the target", with_match(resized(tcp_match(), 56)), false, forward1, "match 1: 56 bytes");
  add("match that leaves a gap", with_match(resized(tcp_match(), 40)), false, forward1, "match 2: 8 bytes");
  add("match not aligned",
      filter_with(family,
                  [&](BlobBuilder& b) {
                    b.verdict_rule(kDropCode, {resized(tcp_match(), 44), std::vector<uint8_t>(40)}, 6);
                  }),
      false, forward1, "match 2: begins");
  std::vector<uint8_t> endless = tcp_match();
  std::memset(endless.data() + 2, 'x', 29);
  add("match name without an end", with_match(endless), false, forward1, "match 1: a name without an end");
  add("match with too much data", with_match(extension("tcp", 0, std::vector<uint8_t>(24))), false, forward1,
      "match tcp rev 0: 24 bytes of data");
  add("match with too little data", with_match(extension("tcp", 0, std::vector<uint8_t>(8))), false, forward1,
      "match tcp rev 0: 8 bytes of data");
  add("unknown match", with_match(extension("nonesuch", 0, std::vector<uint8_t>(8))), false, forward1,
      "match nonesuch rev 0");
  add("match in an unknown revision", with_match(extension("tcp", 9, std::vector<uint8_t>(16))), false, forward1,
      "match tcp rev 9");
  add("match without its protocol", with_match(tcp_match(), 17), false, forward1, "match tcp rev 0 without its protocol");
  add("match with its protocol inverted",
      filter_with(family,
                  [&](BlobBuilder& b) {
                    b.verdict_rule(kDropCode, {tcp_match()}, 6);
                    b.poke<uint8_t>(f.invert_flags, IPT_INV_PROTO);
                  }),
      false, forward1, "match tcp rev 0 without its protocol");
  if (family == Family::kIpv6)
    add("protocol without its flag",
        filter_with(family,
                    [&](BlobBuilder& b) {
                      b.verdict_rule(kDropCode, {tcp_match()}, 6);
                      b.poke<uint8_t>(f.flags, 0);
                    }),
        true, forward1, "match tcp rev 0 in an IPv6 rule without flag PROTO");
  xt_multiport_v1 ports{};
  ports.count = 16;
  add("what the match itself refuses", with_match(extension("multiport", 1, bytes_of(ports))), false, forward1,
      "match multiport rev 1");
  add("two problems",
      filter_with(family,
                  [&](BlobBuilder& b) {
                    b.verdict_rule(kDropCode, {tcp_match()}, 17);
                    b.verdict_rule(-3);
                  }),
      false, forward1, "match tcp rev 0 without its protocol");

  // Table and hook restrictions.
  const std::vector<uint8_t> reject = extension("REJECT", 0, std::vector<uint8_t>(8));
  const auto mangle = [&](bool in_chain, bool called) {
    BlobBuilder b(family, "mangle", 0x1f);
    for (unsigned h = 0; h < kHookCount; ++h) {
      b.hook(static_cast<Hook>(h));
      if (h == 0 && !in_chain) b.target_rule(reject);
      if (h == 0 && called) b.jump("c");
      b.policy(static_cast<Hook>(h));
    }
    if (in_chain) b.head("c").target_rule(reject).end_of_chain();
    return b.finish();
  };
  add("target of another table", mangle(false, false), false, "mangle/PREROUTING/1", "target REJECT rev 0 in table mangle");
  add("target of another hook", mangle(true, true), false, "mangle/c/1", "target REJECT rev 0 reached from PREROUTING");

  // Hook entries and underflows.
  const auto hooked = [&](auto edit) { return edited(edit); };
  add("valid hooks", hooked([](RawTable& r) { r.valid_hooks = 0x0f; }), false, "table filter",
      "valid hooks PREROUTING INPUT");
  add("unknown hook", hooked([](RawTable& r) { r.valid_hooks = 0x2e; }), false, "table filter", "valid hooks INPUT");
  add("hook entry between entries", hooked([](RawTable& r) { r.hook_entry[2] += 8; }), false, "filter/FORWARD",
      "hook entry");
  add("hook entry beyond the end", hooked([](RawTable& r) { r.hook_entry[3] = 1U << 20; }), false, "filter/OUTPUT",
      "hook entry");
  add("underflow between entries", hooked([](RawTable& r) { r.underflow[2] += 8; }), false, "filter/FORWARD", "underflow");
  add("two hooks at one entry", hooked([](RawTable& r) { r.hook_entry[2] = r.hook_entry[1]; }), false, "filter/FORWARD",
      "hook entry");
  add("hook entries in falling order", hooked([](RawTable& r) { std::swap(r.hook_entry[2], r.hook_entry[3]); }), false,
      "filter/OUTPUT", "hook entry");
  add("underflows in falling order", hooked([](RawTable& r) { std::swap(r.underflow[2], r.underflow[3]); }), false,
      "filter/OUTPUT", "underflow");
  const uint32_t policy = rule + standard;  // of FORWARD in plain()
  add("policy with a condition", hooked([&](RawTable& r) { r.entries[policy] = 10; }), false, "filter/FORWARD", "no policy");
  add("policy RETURN", hooked([&](RawTable& r) { put(r.entries, policy + f.size + 32, kReturnCode); }), false,
      "filter/FORWARD", "no policy");
  add("policy QUEUE", hooked([&](RawTable& r) { put(r.entries, policy + f.size + 32, kQueueCode); }), false,
      "filter/FORWARD", "no policy");
  add("underflow at an ERROR entry", hooked([&](RawTable& r) { r.underflow[3] = policy + 2 * standard; }), false,
      "filter/OUTPUT", "no policy");

  // Jumps.
  const auto jumping = [&](int32_t to) {
    return filter_with(
        family, [&](BlobBuilder& b) { b.verdict_rule(to, {}, 6); },
        [](BlobBuilder& b) { b.head("a").verdict_rule(kDropCode, {}, 6).end_of_chain(); });
  };
  const auto chain_a = static_cast<int32_t>(4 * standard + error);
  add("jump", jumping(chain_a), true, "", "");
  add("jump between entries", jumping(chain_a + 8), false, forward1, "a jump to offset");
  add("jump beyond the end", jumping(1 << 20), false, forward1, "a jump to offset 1048576");
  add("loop of one",
      filter_with(
          family, [](BlobBuilder& b) { b.jump("a"); },
          [](BlobBuilder& b) { b.head("a").jump("a", false, 6).end_of_chain(); }),
      false, "filter/a/1", "a loop: from here back to filter/a/1");
  add("loop of three",
      filter_with(
          family, [](BlobBuilder& b) { b.jump("a"); },
          [](BlobBuilder& b) {
            b.head("a").jump("b", false, 6).end_of_chain().head("b").jump("c", true, 6).end_of_chain();
            b.head("c").verdict_rule(kDropCode, {}, 17).jump("a").end_of_chain();
          }),
      false, "filter/c/2", "a loop: from here back to filter/a/1");
  add("loop that nothing reaches",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head("a").jump("a", false, 6).end_of_chain(); }),
      true, "", "");
  add("loop behind an unconditional verdict",
      filter_with(
          family, [](BlobBuilder& b) { b.jump("a"); },
          [](BlobBuilder& b) { b.head("a").verdict_rule(kAcceptCode).jump("a").end_of_chain(); }),
      true, "", "");
  add("diamond of jumps",
      filter_with(
          family, [](BlobBuilder& b) { b.jump("a").jump("b"); },
          [](BlobBuilder& b) {
            b.head("a").jump("c").end_of_chain().head("b").jump("c").end_of_chain().head("c").end_of_chain();
          }),
      true, "", "");
  {
    // The last chain's last entry can go on, and nothing follows.
    BlobBuilder b(family);
    b.hook(Hook::kInput).policy(Hook::kInput).hook(Hook::kForward).jump("a").policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput).head("a").verdict_rule(kDropCode, {}, 6);
    add("off the end", b.finish_open(), false, "filter/a/1", "the walk falls off the end");
  }

  // What the kernel takes and iptables never makes.
  add("restricted target that no hook reaches",
      filter_with(
          family, [](BlobBuilder&) {}, [&](BlobBuilder& b) { b.head("a").target_rule(reject).end_of_chain(); }),
      true, "", "");
  add("jump into the middle of a chain", jumping(chain_a + static_cast<int32_t>(standard)), true, forward1,
      "a jump to offset " + std::to_string(chain_a + static_cast<int32_t>(standard)) +
          ", which does not begin a user chain");
  add("jump to a chain's head", jumping(chain_a - static_cast<int32_t>(error)), true, forward1,
      "which does not begin a user chain");
  add("jump into a built-in chain", jumping(static_cast<int32_t>(3 * standard)), true, forward1,
      "which does not begin a user chain");
  add("chain without an end",
      filter_with(
          family, [](BlobBuilder& b) { b.jump("a"); },
          [](BlobBuilder& b) { b.head("a").verdict_rule(kDropCode, {}, 6).head("b").end_of_chain(); }),
      true, "filter/a/1", "the chain ends here");
  add("chain without an entry",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head("a").head("b").end_of_chain(); }),
      true, "filter/a/head", "a chain without an entry");
  add("chain without a name",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head("").end_of_chain(); }),
      true, "filter", "a user chain without a name");
  add("two chains of one name",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head("a").end_of_chain().head("a").end_of_chain(); }),
      true, "filter/a", "a second chain of this name");
  add("chain named like a hook",
      filter_with(
          family, [](BlobBuilder&) {}, [](BlobBuilder& b) { b.head("INPUT").end_of_chain(); }),
      true, "filter/INPUT", "a second chain of this name");
  {
    BlobBuilder b(family);
    b.hook(Hook::kInput).policy(Hook::kInput).verdict_rule(kDropCode).hook(Hook::kForward).policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput);
    add("rule behind a policy", b.finish(), true, "filter/INPUT/1", "a rule behind the policy");
  }
  {
    BlobBuilder b(family);
    b.verdict_rule(kDropCode).hook(Hook::kInput).policy(Hook::kInput).hook(Hook::kForward).policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput);
    add("rule before the first chain", b.finish(), true, "filter/entry 1 (offset 0)", "an entry in no chain");
  }
  {
    BlobBuilder b(family);
    b.hook(Hook::kInput).policy(Hook::kInput).hook(Hook::kForward).policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput);
    add("no ERROR entry at the end", b.finish_open(), true, "filter/OUTPUT/policy", "the last entry is no ERROR entry");
  }
  {
    BlobBuilder b(family);
    b.hook(Hook::kInput).verdict_rule(kDropCode, {}, 6).hook(Hook::kForward).policy(Hook::kInput).policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput);
    add("policy in another chain", b.finish(), true, "filter/FORWARD/1", "the underflow of INPUT outside its chain");
  }
  {
    BlobBuilder b(family);
    b.hook(Hook::kInput).error("x").policy(Hook::kInput).hook(Hook::kForward).policy(Hook::kForward);
    b.hook(Hook::kOutput).policy(Hook::kOutput);
    add("hook entry at an ERROR entry", b.finish(), true, "filter/INPUT/1", "an ERROR entry at the hook entry of INPUT");
  }
  return tables;
}

}  // namespace hookline::test
