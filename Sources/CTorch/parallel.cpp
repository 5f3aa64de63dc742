#include "parallel.hpp"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <exception>
#include <mutex>

namespace {

/// The functions of the OpenMP runtime that the engine has loaded, GNU's or one with its interface; null where there is none.
struct Runtime {
  void (*parallel)(void (*body)(void *), void *state, unsigned threads, unsigned flags);
  int (*thread_number)(), (*thread_count)();

  Runtime() {
    parallel = reinterpret_cast<decltype(parallel)>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    thread_number = reinterpret_cast<decltype(thread_number)>(dlsym(RTLD_DEFAULT, "omp_get_thread_num"));
    thread_count = reinterpret_cast<decltype(thread_count)>(dlsym(RTLD_DEFAULT, "omp_get_num_threads"));
  }
  bool is_complete() const { return parallel && thread_number && thread_count; }
};

const Runtime &runtime() {
  static const Runtime runtime;
  return runtime;
}

/// What the threads of a loop share.
struct Team {
  void (*part)(void *, int64_t, int64_t);
  void *state;
  std::exception_ptr thrown;
  std::mutex mutex;
};

void run(void *state) {
  auto &team = *static_cast<Team *>(state);
  try {
    team.part(team.state, runtime().thread_number(), runtime().thread_count());
  } catch (...) {
    std::lock_guard<std::mutex> lock(team.mutex);
    if (!team.thrown) team.thrown = std::current_exception();
  }
}

}  // namespace

void shim::on_threads(int64_t most, void (*part)(void *, int64_t, int64_t), void *state) {
  const int64_t threads = std::min<int64_t>(most, at::get_num_threads());
  if (threads <= 1 || at::in_parallel_region() || !runtime().is_complete()) return part(state, 0, 1);
  Team team{part, state, nullptr, {}};
  runtime().parallel(&run, &team, unsigned(threads), 0);
  if (team.thrown) std::rethrow_exception(team.thrown);
}
