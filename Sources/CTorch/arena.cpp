// Memory for large tensors of the CPU that is kept from step to step, apart from everything small.
//
// glibc's heap has small blocks that stay between large ones that come and go, so the room left between them is of no use to
// the next step: a training step took some 250 MiB more than lived in it. Here a range of addresses is reserved once, large
// blocks lie in it one beside the other, and neighbours that are free become one again. Pages that were used once stay with the
// process, so that the next step does not fault them in anew.
#include "shim.hpp"

#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <sys/mman.h>
#include <torch/csrc/api/include/torch/version.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <mutex>
#include <set>

namespace {

constexpr size_t page = 4096, growth = size_t(16) << 20, least = size_t(64) << 10;

size_t rounded(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// A reserved range of addresses, of which the lower part may be used.
class Arena {
 public:
  /// Reserves as many addresses as there is memory; fewer where a limit forbids it.
  Arena() {
    for (size_t wanted = size_t(sysconf(_SC_PHYS_PAGES)) * size_t(sysconf(_SC_PAGESIZE)); wanted >= growth; wanted /= 2) {
      void *found = mmap(nullptr, wanted, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (found == MAP_FAILED) continue;
      base = static_cast<char *>(found);
      reserved = wanted;
      return;
    }
  }

  /// A block, or null where there is no room for it.
  void *take(size_t bytes) {
    bytes = rounded(bytes, page);
    std::lock_guard<std::mutex> lock(mutex);
    auto found = by_size.lower_bound({bytes, 0});
    if (found == by_size.end()) {
      if (!grow(bytes)) return nullptr;
      found = by_size.lower_bound({bytes, 0});
    }
    const auto [size, place] = *found;
    remove(place, size);
    if (size > bytes) add(place + bytes, size - bytes);
    taken[place] = bytes;
    return base + place;
  }

  /// Gives a block back; false for one that is not the arena's.
  bool release(void *block) {
    if (block < base || block >= base + reserved) return false;
    std::lock_guard<std::mutex> lock(mutex);
    const auto found = taken.find(size_t(static_cast<char *>(block) - base));
    size_t place = found->first, size = found->second;
    taken.erase(found);
    const auto after = by_place.lower_bound(place);
    if (after != by_place.begin()) {
      const auto [before, before_size] = *std::prev(after);
      if (before + before_size == place) {
        remove(before, before_size);
        place = before;
        size += before_size;
      }
    }
    const auto next = by_place.find(place + size);
    if (next != by_place.end()) {
      const size_t next_size = next->second;
      remove(place + size, next_size);
      size += next_size;
    }
    add(place, size);
    return true;
  }

 private:
  /// Makes the range in use larger, so that a block of so many bytes fits at its end.
  bool grow(size_t bytes) {
    size_t free_at_end = 0;
    if (!by_place.empty()) {
      const auto [place, size] = *by_place.rbegin();
      if (place + size == used) free_at_end = size;
    }
    const size_t more = rounded(bytes - free_at_end, growth);
    if (more > reserved - used || mprotect(base + used, more, PROT_READ | PROT_WRITE) != 0) return false;
    if (free_at_end > 0) remove(used - free_at_end, free_at_end);
    add(used - free_at_end, free_at_end + more);
    used += more;
    return true;
  }

  void add(size_t place, size_t size) {
    by_place[place] = size;
    by_size.insert({size, place});
  }

  void remove(size_t place, size_t size) {
    by_place.erase(place);
    by_size.erase({size, place});
  }

  char *base = nullptr;
  size_t reserved = 0, used = 0;
  std::mutex mutex;
  std::map<size_t, size_t> by_place, taken;     // of free, and of taken blocks: the size at each place
  std::set<std::pair<size_t, size_t>> by_size;  // of free blocks: size and place, the lowest of equal ones first
};

Arena &arena() {
  static auto *arena = new Arena;  // never destroyed: tensors may outlive what is static
  return *arena;
}

struct ArenaAllocator final : c10::Allocator {
  static void release(void *block) {
    if (block && !arena().release(block)) c10::free_cpu(block);
  }
#if TORCH_VERSION_MAJOR >= 2
  c10::DataPtr allocate(size_t bytes) override {
#else
  c10::DataPtr allocate(size_t bytes) const override {
#endif
    void *block = bytes >= least ? arena().take(bytes) : nullptr;
    // What is small, and what has no room there, is the engine's to find or to refuse.
    if (!block) block = c10::alloc_cpu(bytes);
    return {block, block, &release, c10::Device(c10::kCPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
#if TORCH_VERSION_MAJOR >= 2
  void copy_data(void *to, const void *from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }
#endif
};

}  // namespace

void ct_use_arena(void) {
  static ArenaAllocator allocator;
  c10::SetCPUAllocator(&allocator, /*priority=*/1);
}
