// io/frames.cpp: through libpcap.
#include "io/frames.h"

#include <pcap/pcap.h>

#include <memory>

namespace hookline {

Result<std::vector<std::vector<uint8_t>>> read_frames(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE] = "";
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> file(pcap_open_offline(path.c_str(), error), pcap_close);
  if (file == nullptr) return fail(ProblemKind::kSystem, path, error, "a capture file");
  if (pcap_datalink(file.get()) != DLT_EN10MB) {
    return fail(ProblemKind::kInput, path, "link type " + std::to_string(pcap_datalink(file.get())), "1, Ethernet");
  }
  std::vector<std::vector<uint8_t>> frames;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  int result = 0;
  while ((result = pcap_next_ex(file.get(), &header, &data)) == 1) frames.emplace_back(data, data + header->caplen);
  if (result == PCAP_ERROR) {
    return fail(ProblemKind::kInput, path, "record " + std::to_string(frames.size() + 1) + ": " + pcap_geterr(file.get()),
                "a whole record");
  }
  if (frames.empty()) return fail(ProblemKind::kInput, path, "no frame", "at least one");
  return frames;
}

}  // namespace hookline
