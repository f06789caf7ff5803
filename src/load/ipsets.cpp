#include "load/ipsets.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/ipset/ip_set.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "load/decode.h"
#include "load/set_references.h"

namespace hookline {
namespace {

using ipset::RawSet;

constexpr int kAttempts = 16;
constexpr size_t kBufferSize = 65536;
constexpr size_t kMostOfAdd = 30000;  // bytes of elements in one message: an attribute's length has 16 bits

std::string error_text(int error) {
  switch (error) {
    case IPSET_ERR_PROTOCOL:
      return "the kernel does not understand the message";
    case IPSET_ERR_FIND_TYPE:
      return "the kernel has no such set type";
    case IPSET_ERR_MAX_SETS:
      return "the namespace is full of sets";
    case EEXIST:
    case IPSET_ERR_EXIST:
      return "it is there already";
    case EPERM:
    case EACCES:
      return "root is needed";
    default:
      return error >= IPSET_ERR_PRIVATE ? "ipset error " + std::to_string(error) : std::strerror(error);
  }
}

tl::unexpected<Problems> failed(const std::string& place, const char* step, int error) {
  return fail(ProblemKind::kSystem, place, std::string(step) + ": " + error_text(error));
}

int call_handler(const nlmsghdr* message, void* data) {
  (*static_cast<const std::function<void(const nlmsghdr*)>*>(data))(message);
  return MNL_CB_OK;
}

// One socket; each command waits for its answer.
class Conversation {
 public:
  Conversation() : socket_(mnl_socket_open(NETLINK_NETFILTER), &mnl_socket_close), buffer_(kBufferSize) {
    if (!socket_ || mnl_socket_bind(socket_.get(), 0, MNL_SOCKET_AUTOPID) < 0) open_error_ = errno;
  }
  [[nodiscard]] int open_error() const { return open_error_; }

  // Puts a command's head into the buffer; attributes follow.
  nlmsghdr* begin(uint8_t command, uint16_t flags) {
    nlmsghdr* message = mnl_nlmsg_put_header(buffer_.data());
    message->nlmsg_type = static_cast<uint16_t>(NFNL_SUBSYS_IPSET << 8 | command);
    message->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    message->nlmsg_seq = ++sequence_;
    auto* header = static_cast<nfgenmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(nfgenmsg)));
    header->nfgen_family = AF_INET;
    header->version = NFNETLINK_V0;
    mnl_attr_put_u8(message, IPSET_ATTR_PROTOCOL, IPSET_PROTOCOL);
    return message;
  }

  // Sends it and gives each answer to `handler`, until the acknowledgement or the end of the dump; without either, one. 0,
  // an errno or an IPSET_ERR_*; EINTR: the sets changed during a dump.
  int ask(const nlmsghdr* message, const std::function<void(const nlmsghdr*)>& handler) {
    const bool has_end = (message->nlmsg_flags & (NLM_F_ACK | NLM_F_DUMP)) != 0;
    if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0) return errno;
    const unsigned port = mnl_socket_get_portid(socket_.get());
    for (int status = MNL_CB_OK; status > MNL_CB_STOP;) {
      const ssize_t length = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
      if (length < 0) return errno;
      auto* context = const_cast<std::function<void(const nlmsghdr*)>*>(&handler);
      status = mnl_cb_run(buffer_.data(), static_cast<size_t>(length), sequence_, port, call_handler, context);
      if (status < 0) return errno;
      if (!has_end) break;
    }
    return 0;
  }

 private:
  std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> socket_;
  std::vector<char> buffer_;
  uint32_t sequence_ = 0;
  int open_error_ = 0;
};

std::string set_place(std::string_view name) { return "ipset " + std::string(name); }

int read_attribute(const nlattr* attribute, void* data) {
  RawSet& set = *static_cast<RawSet*>(data);
  const Bytes payload{static_cast<const uint8_t*>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute)};
  const std::string text(payload.begin(), std::find(payload.begin(), payload.end(), uint8_t{0}));
  const bool byte = payload.size() == 1;
  switch (mnl_attr_get_type(attribute)) {
    case IPSET_ATTR_SETNAME:
      set.name = text;
      break;
    case IPSET_ATTR_TYPENAME:
      set.type = text;
      break;
    case IPSET_ATTR_FAMILY:
      if (byte) set.family = payload[0];
      break;
    case IPSET_ATTR_REVISION:
      if (byte) set.revision = payload[0];
      break;
    case IPSET_ATTR_INDEX:
      if (payload.size() == 2) set.index = load_be16(payload.data());
      break;
    case IPSET_ATTR_DATA:
      set.header.assign(payload.begin(), payload.end());
      break;
    case IPSET_ATTR_ADT:
      set.elements.insert(set.elements.end(), payload.begin(), payload.end());
      break;
    default:
      break;
  }
  return MNL_CB_OK;
}

// Adds what one message of an answer says.
void read_message(const nlmsghdr* message, RawSet& set) { mnl_attr_parse(message, sizeof(nfgenmsg), read_attribute, &set); }

int dump_set(Conversation& kernel, const std::string& name, RawSet& set) {
  set = {};
  set.index = ipset::kNoSet;
  nlmsghdr* message = kernel.begin(IPSET_CMD_SAVE, NLM_F_DUMP);
  mnl_attr_put_strz(message, IPSET_ATTR_SETNAME, name.c_str());
  return kernel.ask(message, [&](const nlmsghdr* answer) { read_message(answer, set); });
}

int name_of(Conversation& kernel, uint16_t index, std::string& name) {
  nlmsghdr* message = kernel.begin(IPSET_CMD_GET_BYINDEX, 0);
  mnl_attr_put_u16(message, IPSET_ATTR_INDEX, htons(index));
  RawSet answer;
  const int error = kernel.ask(message, [&](const nlmsghdr* part) { read_message(part, answer); });
  name = answer.name;
  return error;
}

int index_of(Conversation& kernel, const std::string& name, uint16_t& index) {
  nlmsghdr* message = kernel.begin(IPSET_CMD_GET_BYNAME, 0);
  mnl_attr_put_strz(message, IPSET_ATTR_SETNAME, name.c_str());
  RawSet answer;
  answer.index = ipset::kNoSet;
  const int error = kernel.ask(message, [&](const nlmsghdr* part) { read_message(part, answer); });
  index = answer.index;
  return error;
}

// Reads everything once. Nothing: something moved meanwhile.
Result<std::optional<std::vector<RawSet>>> fetch_once(const std::set<uint16_t>& indices) {
  Conversation kernel;
  if (kernel.open_error() != 0) return failed("ipset", "netlink socket", kernel.open_error());
  std::vector<RawSet> sets;
  std::vector<std::string> names;
  for (const uint16_t index : indices) {
    std::string name;
    if (const int error = name_of(kernel, index, name); error == ENOENT)
      return std::optional<std::vector<RawSet>>{};
    else if (error != 0)
      return failed("ipset " + std::to_string(index), "IPSET_CMD_GET_BYINDEX", error);
    names.push_back(std::move(name));
  }
  for (size_t i = 0; i < names.size(); ++i) {  // lists append their members
    RawSet set;
    const int error = dump_set(kernel, names[i], set);
    if (error == EINTR || error == ENOENT) return std::optional<std::vector<RawSet>>{};
    if (error != 0) return failed(set_place(names[i]), "IPSET_CMD_SAVE", error);
    for (const std::string& member : ipset::members_of(set))
      if (std::ranges::find(names, member) == names.end()) names.push_back(member);
    sets.push_back(std::move(set));
  }
  // A swap between the two questions would give rules another set.
  for (const uint16_t index : indices)
    if (std::ranges::find(sets, index, &RawSet::index) == sets.end()) return std::optional<std::vector<RawSet>>{};
  std::ranges::sort(sets, {}, &RawSet::index);
  return std::optional(std::move(sets));
}

// The kernel gives addresses without the mark of network byte order that it demands of them. Puts it on what stands in
// nested attributes below `depth` levels.
void mark_addresses(std::span<uint8_t> attributes, int depth) {
  for (size_t at = 0;;) {
    const auto head = read_at<nlattr>(attributes, at);
    if (!head) return;
    if (head->nla_len < sizeof(nlattr) || head->nla_len > attributes.size() - at) return;
    const std::span<uint8_t> inside = attributes.subspan(at + sizeof(nlattr), head->nla_len - sizeof(nlattr));
    if ((head->nla_type & NLA_F_NESTED) != 0) {
      mark_addresses(inside, depth - 1);
    } else if (depth <= 0) {
      const auto type = static_cast<uint16_t>(head->nla_type | NLA_F_NET_BYTEORDER);
      std::memcpy(attributes.data() + at + offsetof(nlattr, nla_type), &type, sizeof type);
    }
    at += NLA_ALIGN(head->nla_len);
  }
}

// The header without what the kernel only reports.
std::vector<uint8_t> creation_of(const RawSet& set) {
  std::vector<uint8_t> result;
  const Bytes header = set.header;
  for (size_t at = 0;;) {
    const auto head = read_at<nlattr>(header, at);
    if (!head || head->nla_len < sizeof(nlattr)) break;
    const size_t end = std::min<size_t>(at + MNL_ALIGN(head->nla_len), header.size());
    const uint16_t type = head->nla_type & NLA_TYPE_MASK;
    if (type != IPSET_ATTR_REFERENCES && type != IPSET_ATTR_MEMSIZE && type != IPSET_ATTR_ELEMENTS)
      result.insert(result.end(), header.begin() + static_cast<std::ptrdiff_t>(at),
                    header.begin() + static_cast<std::ptrdiff_t>(end));
    at = end;
  }
  mark_addresses(result, 1);
  return result;
}

Result<void> create_set(Conversation& kernel, const RawSet& set) {
  const auto done = [](const nlmsghdr*) {};
  nlmsghdr* message = kernel.begin(IPSET_CMD_CREATE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
  mnl_attr_put_strz(message, IPSET_ATTR_SETNAME, set.name.c_str());
  mnl_attr_put_strz(message, IPSET_ATTR_TYPENAME, set.type.c_str());
  mnl_attr_put_u8(message, IPSET_ATTR_REVISION, set.revision);
  mnl_attr_put_u8(message, IPSET_ATTR_FAMILY, set.family);
  const std::vector<uint8_t> creation = creation_of(set);
  if (creation.size() > kMostOfAdd) return failed(set_place(set.name), "header", EMSGSIZE);
  mnl_attr_put(message, NLA_F_NESTED | IPSET_ATTR_DATA, creation.size(), creation.data());
  if (const int error = kernel.ask(message, done)) return failed(set_place(set.name), "IPSET_CMD_CREATE", error);

  std::vector<uint8_t> marked = set.elements;
  mark_addresses(marked, 2);
  const Bytes elements = marked;
  for (size_t at = 0; at < elements.size();) {
    size_t end = at;
    while (end < elements.size()) {
      const auto length = read_at<uint16_t>(elements, end);
      if (!length || *length < sizeof(nlattr) || *length > elements.size() - end)
        return fail(ProblemKind::kInput, set_place(set.name), "elements that are cut off");
      const size_t next = end + MNL_ALIGN(*length);
      if (next - at > kMostOfAdd && end > at) break;
      if (next - at > kMostOfAdd) return failed(set_place(set.name), "element", EMSGSIZE);
      end = std::min(next, elements.size());
    }
    message = kernel.begin(IPSET_CMD_ADD, NLM_F_ACK);
    mnl_attr_put_strz(message, IPSET_ATTR_SETNAME, set.name.c_str());
    mnl_attr_put_u32(message, IPSET_ATTR_LINENO, 1);
    mnl_attr_put(message, NLA_F_NESTED | IPSET_ATTR_ADT, end - at, elements.data() + at);
    if (const int error = kernel.ask(message, done)) return failed(set_place(set.name), "IPSET_CMD_ADD", error);
    at = end;
  }
  return {};
}

}  // namespace

Result<std::vector<RawSet>> fetch_sets(std::span<const RawTable> tables) {
  std::set<uint16_t> indices;
  for (const RawTable& table : tables)
    for (const SetReference& reference : set_references(table))
      if (reference.index != ipset::kNoSet) indices.insert(reference.index);
  if (indices.empty()) return std::vector<RawSet>{};
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto sets = fetch_once(indices);
    if (!sets) return tl::make_unexpected(std::move(sets.error()));
    if (*sets) return std::move(**sets);
  }
  return fail(ProblemKind::kSystem, "ipset", "the sets that rules name changed during each attempt to read them",
              "sets that rest for a moment");
}

std::shared_ptr<const ipset::SharedSets> shared_sets(const Snapshot& snapshot) {
  if (snapshot.sets.empty()) return nullptr;
  std::vector<ipset::Uses> uses(snapshot.sets.size());
  for (const RawTable& table : snapshot.tables)
    for (const SetReference& reference : set_references(table)) {
      const auto set = std::ranges::find(snapshot.sets, reference.index, &RawSet::index);
      if (set == snapshot.sets.end()) continue;
      ipset::Uses& use = uses[static_cast<size_t>(set - snapshot.sets.begin())];
      use.changes |= reference.use == SetUse::kAdd || reference.use == SetUse::kDelete;
      use.compares_counters |= reference.compares_counters;
    }
  return std::make_shared<const ipset::SharedSets>(snapshot.sets, std::move(uses), timekeeping_of(snapshot).hz);
}

Result<void> create_sets(std::span<const RawSet> sets) {
  if (sets.empty()) return {};
  Conversation kernel;
  if (kernel.open_error() != 0) return failed("ipset", "netlink socket", kernel.open_error());
  for (const bool lists : {false, true})
    for (const RawSet& set : sets)
      if ((set.type == "list:set") == lists)
        if (auto done = create_set(kernel, set); !done) return done;
  return {};
}

Result<std::map<std::string, uint16_t>> set_indices(std::span<const RawSet> sets) {
  std::map<std::string, uint16_t> indices;
  if (sets.empty()) return indices;
  Conversation kernel;
  if (kernel.open_error() != 0) return failed("ipset", "netlink socket", kernel.open_error());
  for (const RawSet& set : sets) {
    uint16_t index = ipset::kNoSet;
    const int error = index_of(kernel, set.name, index);
    if (error == ENOENT) continue;
    if (error != 0) return failed(set_place(set.name), "IPSET_CMD_GET_BYNAME", error);
    indices.emplace(set.name, index);
  }
  return indices;
}

}  // namespace hookline
