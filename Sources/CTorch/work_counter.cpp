// Adds up the work of operators, as libtorch's dispatcher and the kernels of this shim report them.
//
// Counted is the outermost operator that has a kernel of its own: what it calls belongs to it, and what calls it, such
// as `conv2d`, is nothing beside it. The callbacks are registered for a thread, and libtorch takes them along to the
// threads on which it runs that thread's backward passes (a GPU's), so that threads which load data are
// not counted. Off, nothing is registered.
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include "work.hpp"

using Clock = std::chrono::steady_clock;

struct ct_work_counter_s {
  ct_work_counter_s(ct_machine_peak peak, bool waits) : peak(peak) {
    if (waits) wait = reinterpret_cast<int (*)()>(dlsym(RTLD_DEFAULT, "cudaDeviceSynchronize"));
  }

  void add(const std::string &name, const shim::Work &work, Clock::time_point begun) {
    if (wait) wait();
    const double seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    const double flops_peak = work.is_narrow ? peak.flops16 : peak.flops32;
    const double arithmetic = flops_peak > 0 ? static_cast<double>(work.flops) / flops_peak : 0;
    const double traffic = peak.bytes > 0 ? static_cast<double>(work.bytes) / peak.bytes : 0;
    const std::lock_guard<std::mutex> lock(mutex);
    for (ct_work *sum : {&total, &operators[name]}) {
      sum->calls += 1;
      sum->seconds += seconds;
      sum->flops += work.flops;
      sum->bytes += work.bytes;
      sum->floor_seconds += std::max(arithmetic, traffic);
    }
  }

  const ct_machine_peak peak;
  int (*wait)() = nullptr;
  std::mutex mutex;
  ct_work total{};
  std::map<std::string, ct_work> operators;
  at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;
};

namespace {

/// The counter that is on. It is written before a thread registers the callbacks that read it.
std::atomic<ct_work_counter> active{nullptr};
/// Whether this thread started it, so that kernels of the shim count.
thread_local bool is_counting = false;
/// Whether this thread is in an operator that is counted.
thread_local bool is_inside = false;

std::unique_ptr<at::ObserverContext> operator_begins(const at::RecordFunction &function) {
  if (is_inside) return nullptr;
  auto call = shim::OperatorCall::begin(function);
  is_inside = call != nullptr;
  return call;
}

void operator_ends(const at::RecordFunction &function, at::ObserverContext *context) {
  if (!context) return;
  is_inside = false;
  const auto call = static_cast<shim::OperatorCall *>(context);
  if (ct_work_counter counter = active) counter->add(call->name(), call->work(function.outputs()), call->begun);
}

}  // namespace

shim::CountedKernel::CountedKernel(const char *kernel) : name(is_counting && !is_inside ? kernel : nullptr) {
  if (!name) return;
  is_inside = true;
  begun = Clock::now();
}

shim::CountedKernel::~CountedKernel() {
  if (!name) return;
  if (ct_work_counter counter = active) counter->add(name, work, begun);
  is_inside = false;
}

char *ct_work_counter_new(ct_machine_peak peak, bool waits, ct_work_counter *result) {
  return shim::guarded([&] { *result = new ct_work_counter_s(peak, waits); });
}

void ct_work_counter_release(ct_work_counter counter) { delete counter; }

char *ct_work_counter_start(ct_work_counter counter) {
  return shim::guarded([&] {
    ct_work_counter none = nullptr;
    TORCH_CHECK(active.compare_exchange_strong(none, counter), "one counter counts at a time");
    counter->callback = at::addThreadLocalCallback(at::RecordFunctionCallback(operator_begins, operator_ends)
                                                       .needsInputs(true)
                                                       .needsOutputs(true)
                                                       .scopes({at::RecordScope::FUNCTION}));
    is_counting = true;
  });
}

void ct_work_counter_stop(ct_work_counter counter) {
  is_counting = false;
  at::removeCallback(counter->callback);
  active = nullptr;
}

ct_work ct_work_counter_total(ct_work_counter counter) {
  const std::lock_guard<std::mutex> lock(counter->mutex);
  return counter->total;
}

int32_t ct_work_counter_operators(ct_work_counter counter, ct_operator_work *operators, int32_t capacity) {
  const std::lock_guard<std::mutex> lock(counter->mutex);
  int32_t count = 0;
  for (const auto &[name, work] : counter->operators) {
    if (count < capacity) operators[count] = {name.c_str(), work};
    ++count;
  }
  return count;
}

void ct_work_counter_reset(ct_work_counter counter) {
  const std::lock_guard<std::mutex> lock(counter->mutex);
  counter->total = {};
  counter->operators.clear();
}
