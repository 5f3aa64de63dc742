#include "shim.hpp"

#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <torch/csrc/api/include/torch/version.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <string>

#include "parallel.hpp"

const char *ct_version(void) { return TORCH_VERSION; }

// The CUDA half of libtorch is not linked: it is loaded when it lies beside the CPU half, before libtorch first asks.
// Gives what the loader said; an empty text where it succeeded.
static const std::string &load_cuda() {
  static std::string problem;
  static std::once_flag once;
  std::call_once(once, [] {
    if (dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) return;
    const char *said = dlerror();
    problem = said ? said : "libtorch_cuda.so cannot be loaded";
  });
  return problem;
}

// A function of the CUDA runtime that libtorch's CUDA half has brought along; null without it. Its headers are not wanted.
template <typename Function>
static Function cuda_function(const char *name) {
  return reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
}

static std::string cuda_error(int code) {
  auto text = cuda_function<const char *(*)(int)>("cudaGetErrorString");
  return text ? text(code) : "CUDA error " + std::to_string(code);
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

char *ct_cuda_problem(bool *has_cuda) {
  const std::string &problem = load_cuda();
  // Where the file itself is missing this is a libtorch for CPUs; where one that it needs is, the loader names that.
  *has_cuda = at::hasCUDA() || problem.rfind("libtorch_cuda.so: cannot open shared object file", 0) != 0;
  if (!problem.empty()) return *has_cuda ? strdup(problem.c_str()) : nullptr;
  auto count_devices = cuda_function<int (*)(int *)>("cudaGetDeviceCount");
  int count = 0;
  const int code = count_devices ? count_devices(&count) : 0;
  return code == 0 ? nullptr : strdup(cuda_error(code).c_str());
}

char *ct_cuda_name(ct_device device) {
  if (device.index >= ct_cuda_device_count()) return nullptr;
  void *driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  if (!driver) return nullptr;
  auto query = reinterpret_cast<int (*)(char *, int, int)>(dlsym(driver, "cuDeviceGetName"));
  char name[256] = {0};
  const bool answered = query && query(name, sizeof name - 1, device.index) == 0;
  dlclose(driver);
  return answered ? strdup(name) : nullptr;
}

char *ct_cuda_memory(ct_device device, int64_t *free_bytes, int64_t *total_bytes) {
  return shim::guarded([&] {
    load_cuda();
    auto query = cuda_function<int (*)(size_t *, size_t *)>("cudaMemGetInfo");
    if (!query) throw std::runtime_error("the CUDA runtime does not offer cudaMemGetInfo");
    c10::DeviceGuard guard(shim::device(device));
    size_t free_size = 0, total_size = 0;
    const int code = query(&free_size, &total_size);
    if (code != 0) throw std::runtime_error(cuda_error(code));
    *free_bytes = static_cast<int64_t>(free_size);
    *total_bytes = static_cast<int64_t>(total_size);
  });
}

#if defined(__x86_64__)
// Whether oneDNN, which computes in bfloat16, has been told to keep to older instructions.
static bool onednn_is_held_back() {
  for (const char *name : {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"}) {
    const char *value = std::getenv(name);
    if (!value || !*value) continue;
    const std::string isa(value);
    return isa.rfind("SSE", 0) == 0 || isa.rfind("AVX2", 0) == 0 || isa == "AVX" || isa == "AVX512_MIC"
           || isa == "AVX512_MIC_4OPS" || isa == "AVX512_CORE" || isa == "AVX512_CORE_VNNI";
  }
  return false;
}
#endif

bool ct_is_fast_at_bfloat16(ct_device device) {
  if (device.type == CT_PRIVATE_USE) return false;
  if (device.type == CT_CPU) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx512bf16") && !onednn_is_held_back();
#else
    return false;
#endif
  }
  if (device.index >= ct_cuda_device_count()) return false;
  // Cards from Ampere on have the instructions: compute capability 8.
  constexpr int compute_capability_major = 75;
  auto query = cuda_function<int (*)(int *, int, int)>("cudaDeviceGetAttribute");
  int major = 8;
  return !query || query(&major, compute_capability_major, device.index) != 0 || major >= 8;
}

bool ct_computes_bfloat16(ct_device device) {
  char *message = shim::guarded([&] {
    auto options = at::TensorOptions().dtype(at::kBFloat16).device(shim::device(device));
    auto weight = at::ones({8, 3, 3, 3}, options).requires_grad_(true);
    auto maps = at::conv2d(at::ones({1, 3, 16, 16}, options), weight);
    maps.to(at::kFloat).sum().backward();
  });
  const bool works = message == nullptr;
  std::free(message);
  return works;
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

int32_t ct_loop_thread_count(void) {
  std::atomic<int32_t> parts{0};
  shim::parallel_for(0, at::get_num_threads(), 1, [&](int64_t, int64_t) { ++parts; });
  return parts;
}

void ct_lower_thread_priority(void) { setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 10); }

void ct_keep_freed_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void ct_search_convolutions(bool searches) { at::globalContext().setBenchmarkCuDNN(searches); }

void ct_round_convolutions(bool rounds) { at::globalContext().setAllowTF32CuDNN(rounds); }

// From the process's own page: what getrusage says begins with the peak of the process that started this one.
static int64_t process_memory(const char *format) {
  long long kibibytes = 0;
  if (FILE *file = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, file) && std::sscanf(line, format, &kibibytes) != 1) {}
    std::fclose(file);
  }
  return kibibytes * 1024;
}

int64_t ct_peak_memory(void) { return process_memory("VmHWM: %lld"); }

int64_t ct_mapped_memory(void) { return process_memory("VmData: %lld"); }

int64_t ct_memory_limit(void) {
  struct rlimit limit {};
  if (getrlimit(RLIMIT_DATA, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return -1;
  return static_cast<int64_t>(limit.rlim_cur);
}

void ct_limit_memory(int64_t bytes) {
  struct rlimit limit {};
  if (getrlimit(RLIMIT_DATA, &limit) == 0 && static_cast<rlim_t>(bytes) < limit.rlim_cur) {
    limit.rlim_cur = static_cast<rlim_t>(bytes);
    setrlimit(RLIMIT_DATA, &limit);
  }
  if (FILE *file = std::fopen("/proc/self/oom_score_adj", "w")) {
    std::fputs("1000", file);
    std::fclose(file);
  }
}
