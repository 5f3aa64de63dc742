// The device is libtorch's PrivateUse1, its place for devices from outside. Every operator on it goes through one fallback:
// its tensors are shown to the CPU's kernel under the CPU's name, over the same memory, and what comes back is renamed.
#include "cotherdevice.h"

#include <ATen/core/ivalue.h>  // first: with it, libtorch 1.13's headers also compile as C++20

#include <ATen/ATen.h>
#include <ATen/EmptyTensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <c10/util/Exception.h>
#include <torch/csrc/api/include/torch/version.h>
#include <torch/library.h>

#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 8)
#define HAS_ACCELERATOR
#include <ATen/detail/PrivateUse1HooksInterface.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

constexpr auto other = c10::DeviceType::PrivateUse1;

// MARK: what is counted

std::mutex waits_lock;
std::map<std::string, int> waits;

void count_wait(const std::string &name) {
  std::lock_guard<std::mutex> guard(waits_lock);
  ++waits[name];
}

/// Operators whose result's size or value the host has to know, so that a real device has to be waited for.
bool waits_for_device(const std::string &name) {
  static const std::vector<std::string> names{
      "aten::_local_scalar_dense", "aten::nonzero",        "aten::masked_select",  "aten::equal",
      "aten::_unique2",            "aten::unique_dim",     "aten::bincount",       "aten::repeat_interleave",
      "aten::is_nonzero",          "aten::unique_consecutive"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

// MARK: memory

c10::Storage storage_over(void *data, size_t bytes, void *owner, void (*release)(void *), c10::DeviceType device) {
  const c10::Device place = device == other ? c10::Device(other, 0) : c10::Device(c10::kCPU);
  // Resizable, since kernels that write into a given tensor make it as large as they need.
  return c10::Storage(c10::Storage::use_byte_size_t(), bytes, c10::DataPtr(data, owner, release, place),
                      c10::GetAllocator(c10::kCPU), /*resizable=*/true);
}

at::Tensor tensor_over(const c10::Storage &storage, c10::DispatchKey key, const at::Tensor &like) {
  at::Tensor result = at::detail::make_tensor<c10::TensorImpl>(c10::Storage(storage), c10::DispatchKeySet(key), like.dtype());
  result.unsafeGetTensorImpl()->set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
  if (like.unsafeGetTensorImpl()->is_wrapped_number()) result.unsafeGetTensorImpl()->set_wrapped_number(true);
  return result;
}

/// The device's memory is the host's.
struct HostMemory final : c10::Allocator {
  static void release(void *memory) { std::free(memory); }
#if TORCH_VERSION_MAJOR >= 2
  c10::DataPtr allocate(size_t bytes) override {
#else
  c10::DataPtr allocate(size_t bytes) const override {
#endif
    void *memory = nullptr;
    TORCH_CHECK(bytes == 0 || posix_memalign(&memory, 64, bytes) == 0, "out of memory");
    return {memory, memory, &release, c10::Device(other, 0)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &release; }
#if TORCH_VERSION_MAJOR >= 2
  void copy_data(void *to, const void *from, std::size_t bytes) const override { std::memcpy(to, from, bytes); }
#endif
};
HostMemory memory;

// MARK: one call

/// Shows tensors of the device to the CPU, over the same memory, and renames what comes back.
class Disguise {
 public:
  at::Tensor shown(const at::Tensor &tensor) {
    if (!tensor.defined() || tensor.device().type() != other) {
      TORCH_CHECK(!tensor.defined() || tensor.dim() == 0 || crosses, "a tensor of the CPU, ", tensor.sizes(),
                  ", meets the device's");
      return tensor;
    }
    auto *impl = tensor.storage().unsafeGetStorageImpl();
    auto found = storages.find(impl);
    if (found == storages.end()) {
      auto *owner = new c10::Storage(tensor.storage());
      found = storages
                  .emplace(impl, storage_over(impl->data_ptr().get(), impl->nbytes(), owner,
                                              [](void *storage) { delete static_cast<c10::Storage *>(storage); },
                                              c10::kCPU))
                  .first;
    }
    pairs.emplace_back(tensor, tensor_over(found->second, c10::DispatchKey::CPU, tensor));
    return pairs.back().second;
  }

  at::Tensor renamed(const at::Tensor &result) {
    if (!result.defined()) return result;
    for (auto &[mine, shown] : pairs)
      if (shown.unsafeGetTensorImpl() == result.unsafeGetTensorImpl()) {
        adopt(mine, shown);
        return mine;
      }
    for (auto &[impl, storage] : storages)
      if (storage.unsafeGetStorageImpl() == result.storage().unsafeGetStorageImpl())
        for (auto &[mine, shown] : pairs)
          if (mine.storage().unsafeGetStorageImpl() == impl)
            return tensor_over(mine.storage(), c10::DispatchKey::PrivateUse1, result);
    return wrapped(result);
  }

  /// In-place writes into tensors that are given and not returned.
  void finish() {
    for (auto &[mine, shown] : pairs) adopt(mine, shown);
  }

  static at::Tensor wrapped(const at::Tensor &result) {
    auto *owner = new c10::Storage(result.storage());
    return tensor_over(storage_over(owner->unsafeGetStorageImpl()->data_ptr().get(), owner->nbytes(), owner,
                                    [](void *storage) { delete static_cast<c10::Storage *>(storage); }, other),
                       c10::DispatchKey::PrivateUse1, result);
  }

  /// Whether tensors of the CPU may be among them: only where one is copied to the other.
  bool crosses = false;

 private:
  /// A kernel has made the tensor larger.
  void adopt(at::Tensor &mine, const at::Tensor &shown) {
    if (mine.sizes() == shown.sizes() && mine.strides() == shown.strides()) return;
    auto *impl = mine.storage().unsafeGetStorageImpl();
    if (impl->data_ptr().get() != shown.storage().unsafeGetStorageImpl()->data_ptr().get()) {
      auto *owner = new c10::Storage(shown.storage());
      impl->set_data_ptr_noswap(c10::DataPtr(owner->unsafeGetStorageImpl()->data_ptr().get(), owner,
                                             [](void *storage) { delete static_cast<c10::Storage *>(storage); },
                                             c10::Device(other, 0)));
      impl->set_nbytes(owner->nbytes());
    }
    mine.unsafeGetTensorImpl()->set_sizes_and_strides(shown.sizes(), shown.strides(), shown.storage_offset());
  }

  std::map<c10::StorageImpl *, c10::Storage> storages;
  std::vector<std::pair<at::Tensor, at::Tensor>> pairs;
};

c10::IValue changed(const c10::IValue &value, const std::function<at::Tensor(const at::Tensor &)> &change) {
  if (value.isTensor()) return change(value.toTensor());
  if (value.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor &tensor : value.toTensorVector()) list.push_back(change(tensor));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<c10::optional<at::Tensor>> list;
    for (const c10::optional<at::Tensor> &tensor : value.toOptionalTensorVector())
      list.push_back(tensor ? c10::optional<at::Tensor>(change(*tensor)) : tensor);
    return list;
  }
  if (value.isDevice() && value.toDevice().type() == other) return c10::Device(c10::kCPU);
  return value;
}

/// The engine warns of outputs that it has made itself and its kernels make larger.
#if TORCH_VERSION_MAJOR >= 2
struct Silence final : c10::WarningHandler {
  void process(const c10::Warning &) override {}
};
using Silenced = c10::WarningUtils::WarningHandlerGuard;
#else
struct Silence final : c10::WarningHandler {
  void process(const c10::SourceLocation &, const std::string &, const bool) override {}
};
using Silenced = c10::Warning::WarningHandlerGuard;
#endif

void on_cpu(const c10::OperatorHandle &op, torch::jit::Stack *stack) {
  at::AutoDispatchBelowADInplaceOrView guard;
  const std::string &name = op.schema().name();
  const size_t given = op.schema().arguments().size(), first = stack->size() - given;
  Disguise disguise;
  for (size_t i = first; i < stack->size(); ++i) {
    const c10::IValue &value = (*stack)[i];
    (*stack)[i] = changed(value, [&](const at::Tensor &tensor) { return disguise.shown(tensor); });
  }
  // One that is told how many there will be need not ask.
  const bool knows_its_size = name == "aten::repeat_interleave" && !stack->back().isNone();
  if (waits_for_device(name) && !knows_its_size) count_wait(name);
  Silence silence;
  Silenced silenced(&silence);
  op.callBoxed(stack);
  disguise.finish();
  for (c10::IValue &value : *stack)
    value = changed(value, [&](const at::Tensor &tensor) { return disguise.renamed(tensor); });
}

// MARK: what no fallback reaches

at::Tensor empty(at::IntArrayRef size, c10::optional<at::ScalarType> type, c10::optional<at::Layout>,
                 c10::optional<at::Device>, c10::optional<bool>, c10::optional<at::MemoryFormat> format) {
  return at::detail::empty_generic(size, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                   c10::dtype_or_default(type), format);
}

at::Tensor empty_strided(at::IntArrayRef size, at::IntArrayRef stride, c10::optional<at::ScalarType> type,
                         c10::optional<at::Layout>, c10::optional<at::Device>, c10::optional<bool>) {
  return at::detail::empty_strided_generic(size, stride, &memory, c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
                                           c10::dtype_or_default(type));
}

at::Tensor &copy_(at::Tensor &self, const at::Tensor &source, bool non_blocking) {
  Disguise disguise;
  disguise.crosses = true;
  // To the host one waits for what was computed; from it, for the copy, unless the caller said that he need not.
  if (self.device().type() != source.device().type() && !non_blocking)
    count_wait(self.is_cpu() ? "copy to the host" : "copy from the host");
  at::AutoDispatchBelowADInplaceOrView guard;
  disguise.shown(self).copy_(disguise.shown(source));
  return self;
}

at::Tensor convolution(const at::Tensor &input, const at::Tensor &weight, const c10::optional<at::Tensor> &bias,
                       at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                       at::IntArrayRef output_padding, int64_t groups) {
  Disguise disguise;
  at::AutoDispatchBelowADInplaceOrView guard;
  const auto shown_bias = bias && bias->defined() ? c10::optional<at::Tensor>(disguise.shown(*bias)) : c10::nullopt;
  return Disguise::wrapped(at::convolution(disguise.shown(input), disguise.shown(weight), shown_bias, stride, padding,
                                           dilation, transposed, output_padding, groups));
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> convolution_backward(
    const at::Tensor &gradient, const at::Tensor &input, const at::Tensor &weight, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed, at::IntArrayRef output_padding, int64_t groups,
    std::array<bool, 3> wanted) {
  Disguise disguise;
  at::AutoDispatchBelowADInplaceOrView guard;
  const int64_t outputs = gradient.size(1);
  auto [a, b, c] =
      at::convolution_backward(disguise.shown(gradient), disguise.shown(input), disguise.shown(weight),
                               wanted[2] ? at::OptionalIntArrayRef(at::IntArrayRef(outputs)) : at::OptionalIntArrayRef(),
                               stride, padding, dilation, transposed, output_padding, groups, wanted);
  const auto renamed = [](const at::Tensor &tensor) { return tensor.defined() ? Disguise::wrapped(tensor) : tensor; };
  return {renamed(a), renamed(b), renamed(c)};
}

TORCH_LIBRARY_IMPL(_, PrivateUse1, m) { m.fallback(torch::CppFunction::makeFromBoxedFunction<&on_cpu>()); }

TORCH_LIBRARY_IMPL(aten, PrivateUse1, m) {
  m.impl("empty.memory_format", &empty);
  m.impl("empty_strided", &empty_strided);
  m.impl("copy_", &copy_);
  m.impl("convolution_overrideable", &convolution);
  m.impl("convolution_backward_overrideable", &convolution_backward);
}

/// One device, and nothing to queue on it.
struct Guard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return other; }
  c10::Device exchangeDevice(c10::Device) const override { return getDevice(); }
  c10::Device getDevice() const override { return {other, 0}; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device device) const noexcept override { return c10::Stream(c10::Stream::DEFAULT, device); }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  bool queryStream(const c10::Stream &) const override { return true; }
  void synchronizeStream(const c10::Stream &) const override { count_wait("synchronize"); }
#if TORCH_VERSION_MAJOR >= 2
  void synchronizeDevice(const c10::DeviceIndex) const override { count_wait("synchronize"); }
#endif
  void record(void **, const c10::Stream &, const c10::DeviceIndex, const c10::EventFlag) const override {}
  void block(void *, const c10::Stream &) const override {}
  bool queryEvent(void *) const override { return true; }
  void destroyEvent(void *, const c10::DeviceIndex) const noexcept override {}
};

#ifdef HAS_ACCELERATOR
/// What newer engines ask the process's accelerator, of which they know one, when they pass gradients on.
struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
  c10::DeviceIndex deviceCount() const override { return 1; }
  c10::DeviceIndex getCurrentDevice() const override { return 0; }
  void setCurrentDevice(c10::DeviceIndex) const override {}
  c10::DeviceIndex exchangeDevice(c10::DeviceIndex) const override { return 0; }
  c10::DeviceIndex maybeExchangeDevice(c10::DeviceIndex) const override { return 0; }
};
#endif

void register_guard() {
  static Guard guard;
  static c10::impl::DeviceGuardImplRegistrar registrar(other, &guard);
}

}  // namespace

void cod_register(void) {
#ifdef HAS_ACCELERATOR
  static const bool once = [] {
    static Hooks hooks;
    at::RegisterPrivateUse1HooksInterface(&hooks);
    c10::register_privateuse1_backend("privateuseone");
    return true;
  }();
  (void)once;
#endif
}

char *cod_take_waits(void) {
  std::lock_guard<std::mutex> lock(waits_lock);
  std::string text;
  for (const auto &[name, count] : waits) text += name + "\t" + std::to_string(count) + "\n";
  waits.clear();
  return strdup(text.c_str());
}

/// With the program, not with the first test that wants the device: the engine makes its queues for gradients once, and a test's
/// arguments that ask what the processor computes in (with a gradient) may be evaluated before those that name the device.
[[maybe_unused]] static const bool registered_early = (register_guard(), true);
