// world/reserved.h: an array whose room is reserved once and takes memory only as far as it is used.
//
// What packets fill must not allocate while they do, and the kernel's own limits on its tables are far above what is usual.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace hookline {

// All bits of every element begin as 0.
template <typename T>
class Reserved {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Reserved() = default;
  explicit Reserved(size_t count) : bytes_(count * sizeof(T)) {
    if (bytes_ == 0) return;
    void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<T*>(memory);
  }
  Reserved(Reserved&& other) noexcept : bytes_(std::exchange(other.bytes_, 0)), data_(std::exchange(other.data_, nullptr)) {}
  Reserved& operator=(Reserved&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(data_, other.data_);
    return *this;
  }
  ~Reserved() {
    if (data_ != nullptr) ::munmap(data_, bytes_);
  }
  [[nodiscard]] size_t size() const { return bytes_ / sizeof(T); }
  T& operator[](size_t i) { return data_[i]; }
  const T& operator[](size_t i) const { return data_[i]; }

 private:
  size_t bytes_ = 0;
  T* data_ = nullptr;
};

}  // namespace hookline
