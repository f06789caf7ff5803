// capture/pcap_reader.cpp: see the header. Link layouts: pcap-linktype(7); LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2.
#include "capture/pcap_reader.h"

#include <net/ethernet.h>
#include <net/if_arp.h>
#include <pcap/pcap.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace hookline {
namespace {

constexpr int kRawIp = 101, kRawIpv4 = 228, kRawIpv6 = 229, kCooked = 113, kCooked2 = 276;
constexpr size_t kCookedHeader = 16, kCooked2Header = 20;

// What pcap_datalink() calls a link type on this host, as the number that stands in files.
bool known_link_type(int link_type) {
  switch (link_type) {
    case DLT_EN10MB:
    case DLT_RAW:
    case kRawIp:
    case kRawIpv4:
    case kRawIpv6:
    case kCooked:
    case kCooked2:
      return true;
    default:
      return false;
  }
}

PacketType type_of_destination(const uint8_t* mac) {
  if ((mac[0] & 1) == 0) return PacketType::kHost;
  for (int i = 0; i < 6; ++i)
    if (mac[i] != 0xff) return PacketType::kMulticast;
  return PacketType::kBroadcast;
}

PacketType type_of_cooked(unsigned value) {
  return value <= static_cast<unsigned>(PacketType::kOutgoing) ? static_cast<PacketType>(value) : PacketType::kHost;
}

// The sender's address, where the cooked header holds one of an Ethernet device.
const uint8_t* mac_of_cooked(unsigned device_type, unsigned length, const uint8_t* address) {
  return device_type == ARPHRD_ETHER && length == kMacBytes ? address : nullptr;
}

void announce(CapturedPacket& packet, uint16_t ethertype) {
  if (ethertype == ETHERTYPE_IP) {
    packet.family = Family::kIpv4;
  } else if (ethertype == ETHERTYPE_IPV6) {
    packet.family = Family::kIpv6;
  } else {
    packet.kind = CapturedPacket::Kind::kNotIp;
  }
}

void split_link_header(CapturedPacket& packet, int link_type, Bytes frame) {
  const auto header = [&](size_t size) {
    if (frame.size() < size) {
      packet.kind = CapturedPacket::Kind::kRunt;
      return false;
    }
    packet.ip = frame.subspan(size);
    return true;
  };
  switch (link_type) {
    case DLT_EN10MB:
      packet.ethernet = true;
      if (!header(ETHER_HDR_LEN)) return;
      packet.type = type_of_destination(frame.data());
      packet.source_mac = frame.data() + kMacBytes;
      packet.destination_mac = frame.data();
      announce(packet, load_be16(frame.data() + 12));
      return;
    case kCooked:
      if (!header(kCookedHeader)) return;
      packet.type = type_of_cooked(load_be16(frame.data()));
      packet.source_mac = mac_of_cooked(load_be16(frame.data() + 2), load_be16(frame.data() + 4), frame.data() + 6);
      announce(packet, load_be16(frame.data() + 14));
      return;
    case kCooked2:
      if (!header(kCooked2Header)) return;
      packet.type = type_of_cooked(frame[10]);
      packet.source_mac = mac_of_cooked(load_be16(frame.data() + 8), frame[11], frame.data() + 12);
      announce(packet, load_be16(frame.data()));
      return;
    case kRawIpv4:
      packet.family = Family::kIpv4;
      break;
    case kRawIpv6:
      packet.family = Family::kIpv6;
      break;
    default:
      break;
  }
  packet.ip = frame;
}

}  // namespace

struct PcapReader::State {
  std::string path;
  pcap_t* capture = nullptr;
  int link_type = 0;
  uint64_t count = 0;
  ~State() {
    if (capture != nullptr) pcap_close(capture);
  }
};

PcapReader::PcapReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
PcapReader::PcapReader(PcapReader&&) noexcept = default;
PcapReader& PcapReader::operator=(PcapReader&&) noexcept = default;
PcapReader::~PcapReader() = default;

Result<PcapReader> PcapReader::open(const std::string& path) {
  FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr)
    return fail(ProblemKind::kSystem, path, std::string("cannot be opened: ") + std::strerror(errno),
                "a readable capture file");
  char error[PCAP_ERRBUF_SIZE] = "";
  auto state = std::make_unique<State>();
  state->path = path;
  state->capture = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, error);
  if (state->capture == nullptr) {
    std::fclose(file);
    return fail(ProblemKind::kInput, path, error, "a pcap or pcapng file");
  }
  state->link_type = pcap_datalink(state->capture);
  if (!known_link_type(state->link_type)) {
    const char* name = pcap_datalink_val_to_name(state->link_type);
    return fail(ProblemKind::kInput, path,
                "link type " + std::to_string(state->link_type) + (name != nullptr ? " (" + std::string(name) + ")" : ""),
                "Ethernet, raw IP or Linux cooked");
  }
  return PcapReader(std::move(state));
}

Result<std::optional<CapturedPacket>> PcapReader::next() {
  pcap_pkthdr* header = nullptr;
  const uint8_t* data = nullptr;
  const int status = pcap_next_ex(state_->capture, &header, &data);
  if (status == PCAP_ERROR_BREAK) return std::optional<CapturedPacket>{};
  const uint64_t number = ++state_->count;
  const auto place = [&] { return state_->path + ": packet " + std::to_string(number); };
  if (status != 1) return fail(ProblemKind::kInput, place(), pcap_geterr(state_->capture), "a whole record");
  if (header->caplen < header->len)
    return fail(ProblemKind::kInput, place(),
                std::to_string(header->caplen) + " bytes captured of " + std::to_string(header->len), "the whole packet");
  CapturedPacket packet;
  packet.number = number;
  packet.time_ns = static_cast<uint64_t>(header->ts.tv_sec) * 1'000'000'000U + static_cast<uint64_t>(header->ts.tv_usec);
  split_link_header(packet, state_->link_type, Bytes(data, header->caplen));
  return std::optional<CapturedPacket>(packet);
}

}  // namespace hookline
