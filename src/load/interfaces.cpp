// load/interfaces.cpp: RTM_GETLINK dump through libmnl (rtnetlink(7)).
#include "load/interfaces.h"

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

namespace hookline {
namespace {

int on_attribute(const nlattr* attribute, void* data) {
  auto& info = *static_cast<InterfaceInfo*>(data);
  const uint16_t type = mnl_attr_get_type(attribute);
  if (type == IFLA_IFNAME && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0) info.name = mnl_attr_get_str(attribute);
  if (type == IFLA_MTU && mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0) info.mtu = mnl_attr_get_u32(attribute);
  return MNL_CB_OK;
}

int on_link(const nlmsghdr* message, void* data) {
  const auto* link = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  InterfaceInfo info;
  info.index = static_cast<uint32_t>(link->ifi_index);
  if (mnl_attr_parse(message, sizeof(*link), on_attribute, &info) < 0) return MNL_CB_ERROR;
  static_cast<std::vector<InterfaceInfo>*>(data)->push_back(std::move(info));
  return MNL_CB_OK;
}

tl::unexpected<Problems> failed(const char* step, int error) {
  return fail(ProblemKind::kSystem, "rtnetlink", std::string(step) + ": " + std::strerror(error), "the list of interfaces");
}

// One dump. `interrupted`: the list changed while it was read and has to be read again.
Result<std::vector<InterfaceInfo>> dump_links(mnl_socket* socket, uint32_t sequence, bool& interrupted) {
  std::vector<char> buffer(32768);
  nlmsghdr* request = mnl_nlmsg_put_header(buffer.data());
  request->nlmsg_type = RTM_GETLINK;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->nlmsg_seq = sequence;
  auto* link = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(request, sizeof(ifinfomsg)));
  link->ifi_family = AF_UNSPEC;
  if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0) return failed("request", errno);

  std::vector<InterfaceInfo> interfaces;
  const unsigned port = mnl_socket_get_portid(socket);
  for (int status = MNL_CB_OK; status > MNL_CB_STOP;) {
    const ssize_t length = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
    if (length < 0) return failed("answer", errno);
    status = mnl_cb_run(buffer.data(), static_cast<size_t>(length), sequence, port, on_link, &interfaces);
    if (status < 0 && errno == EINTR) {
      interrupted = true;
      return interfaces;
    }
    if (status < 0) return failed("answer", errno);
  }
  return interfaces;
}

}  // namespace

Result<std::vector<InterfaceInfo>> list_interfaces() {
  constexpr uint32_t kAttempts = 16;
  for (uint32_t attempt = 1; attempt <= kAttempts; ++attempt) {
    // A new socket each time: what is left of an interrupted dump goes with the old one.
    const std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> socket(mnl_socket_open(NETLINK_ROUTE), &mnl_socket_close);
    if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return failed("socket", errno);
    bool interrupted = false;
    auto interfaces = dump_links(socket.get(), attempt, interrupted);
    if (!interfaces) return interfaces;
    if (interrupted) continue;
    std::ranges::sort(*interfaces, {}, &InterfaceInfo::index);
    return interfaces;
  }
  return fail(ProblemKind::kSystem, "rtnetlink", "the list of interfaces changed during each attempt to read it",
              "a list that rests for a moment");
}

}  // namespace hookline
