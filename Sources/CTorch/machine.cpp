#include "shim.hpp"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <torch/csrc/api/include/torch/version.h>
#include <unistd.h>

#include <climits>
#include <mutex>

const char *ct_version(void) { return TORCH_VERSION; }

// The CUDA half of libtorch is not linked: it is loaded when it lies beside the CPU half, before libtorch first asks.
static void load_cuda() {
  static std::once_flag once;
  std::call_once(once, [] { dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL); });
}

int32_t ct_cuda_device_count(void) {
  load_cuda();
  int32_t count = 0;
  char *message = shim::guarded([&] {
    if (!at::hasCUDA()) return;
#if TORCH_VERSION_MAJOR >= 2
    count = static_cast<int32_t>(at::detail::getCUDAHooks().deviceCount());
#else
    count = at::detail::getCUDAHooks().getNumGPUs();
#endif
  });
  std::free(message);
  return count;
}

bool ct_is_private_use_registered(void) { return c10::impl::hasDeviceGuardImpl(c10::DeviceType::PrivateUse1); }

bool ct_is_fast_at_bfloat16(ct_device device) {
  if (device.type == CT_PRIVATE_USE) return false;
  if (device.type == CT_CPU) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16");
#else
    return false;
#endif
  }
  // Cards from Ampere on are; an older one is not told apart here, since that takes CUDA's headers.
  return device.index < ct_cuda_device_count();
}

char *ct_synchronize(ct_device device) {
  if (device.type == CT_CPU) return nullptr;
  return shim::guarded([&] {
    const c10::impl::VirtualGuardImpl guard(shim::device(device).type());
#if TORCH_VERSION_MAJOR >= 2
    guard.synchronizeDevice(static_cast<c10::DeviceIndex>(device.index));
#else
    guard.synchronizeStream(guard.getStream(shim::device(device)));
#endif
  });
}

char *ct_set_thread_count(int32_t count) {
  return shim::guarded([&] {
    at::set_num_threads(count);
    using SetThreads = void (*)(int);
    if (auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
  });
}

int32_t ct_thread_count(void) { return at::get_num_threads(); }

void ct_lower_thread_priority(void) { setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10); }

void ct_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

int64_t ct_peak_memory(void) {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<int64_t>(usage.ru_maxrss) * 1024;
}
