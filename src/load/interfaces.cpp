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

}  // namespace

Result<std::vector<InterfaceInfo>> list_interfaces() {
  const auto failed = [](const char* step) {
    return fail(ProblemKind::kSystem, "rtnetlink", std::string(step) + ": " + std::strerror(errno),
                "the list of interfaces");
  };
  const std::unique_ptr<mnl_socket, decltype(&mnl_socket_close)> socket(mnl_socket_open(NETLINK_ROUTE), &mnl_socket_close);
  if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0) return failed("socket");
  const unsigned port = mnl_socket_get_portid(socket.get());

  std::vector<char> buffer(32768);
  nlmsghdr* request = mnl_nlmsg_put_header(buffer.data());
  request->nlmsg_type = RTM_GETLINK;
  request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request->nlmsg_seq = 1;
  auto* link = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(request, sizeof(ifinfomsg)));
  link->ifi_family = AF_UNSPEC;
  if (mnl_socket_sendto(socket.get(), request, request->nlmsg_len) < 0) return failed("request");

  std::vector<InterfaceInfo> interfaces;
  for (int status = MNL_CB_OK; status > MNL_CB_STOP;) {
    const ssize_t length = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
    if (length < 0) return failed("answer");
    status = mnl_cb_run(buffer.data(), static_cast<size_t>(length), 1, port, on_link, &interfaces);
    if (status < 0) return failed("answer");
  }
  std::ranges::sort(interfaces, {}, &InterfaceInfo::index);
  return interfaces;
}

}  // namespace hookline
