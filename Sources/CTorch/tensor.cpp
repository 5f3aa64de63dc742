#include "shim.hpp"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <atomic>
#include <vector>

static std::atomic<int64_t> live_count{0};

ct_tensor shim::handle(at::Tensor value) {
  live_count.fetch_add(1, std::memory_order_relaxed);
  return new ct_tensor_s{std::move(value)};
}

at::Tensor shim::uploaded(const at::Tensor &tensor, c10::Device device) {
  // From pageable memory CUDA would wait; the pinned copy is kept until the device has read it.
  const bool pins = device.is_cuda() && !tensor.requires_grad() && !tensor.is_pinned();
  return (pins ? tensor.pin_memory() : tensor).to(device, tensor.scalar_type(), /*non_blocking=*/true);
}

char *ct_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape, int32_t rank,
                           int32_t element_type, ct_device device, ct_tensor *result) {
  return shim::guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(element_type)).pinned_memory(device.type == CT_CUDA);
    at::Tensor tensor = at::empty(at::IntArrayRef(shape, rank), options);
    TORCH_CHECK(tensor.nbytes() == static_cast<size_t>(byte_count), "a tensor of shape ", tensor.sizes(), " has ",
                tensor.nbytes(), " bytes, got ", byte_count);
    if (byte_count > 0) std::memcpy(tensor.data_ptr(), bytes, byte_count);
    *result = shim::handle(device.type == CT_CPU ? tensor : shim::uploaded(tensor, shim::device(device)));
  });
}

char *ct_tensor_adopting(void *bytes, const int64_t *shape, const int64_t *strides, int32_t rank, int32_t element_type,
                         void (*release)(void *), void *context, ct_tensor *result) {
  return shim::guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(element_type));
    *result = shim::handle(at::from_blob(bytes, at::IntArrayRef(shape, rank), at::IntArrayRef(strides, rank),
                                         [release, context](void *) { release(context); }, options));
  });
}

void ct_tensor_release(ct_tensor tensor) {
  live_count.fetch_sub(1, std::memory_order_relaxed);
  delete tensor;
}

char *ct_tensor_upload(ct_tensor tensor, ct_device device, ct_tensor *result) {
  return shim::guarded([&] { *result = shim::handle(shim::uploaded(tensor->value, shim::device(device))); });
}

char *ct_tensors_download(const ct_tensor *tensors, int32_t count, ct_tensor *results) {
  return shim::guarded([&] {
    if (count == 0) return;
    std::vector<at::Tensor> copies;
    for (int32_t i = 0; i < count; ++i) {
      const at::Tensor &source = tensors[i]->value;
      // Into pinned memory CUDA copies while the host goes on.
      const auto options = source.options().device(c10::kCPU).requires_grad(c10::nullopt).pinned_memory(source.is_cuda());
      copies.push_back(at::empty_like(source, options).copy_(source, /*non_blocking=*/true));
    }
    const c10::Device device = tensors[0]->value.device();
    const c10::impl::VirtualGuardImpl guard(device.type());
    guard.synchronizeStream(guard.getStream(device));
    for (int32_t i = 0; i < count; ++i) results[i] = shim::handle(copies[i]);
  });
}

int32_t ct_tensor_rank(ct_tensor tensor) { return static_cast<int32_t>(tensor->value.dim()); }

int64_t ct_tensor_version(ct_tensor tensor) { return tensor->value._version(); }

void ct_tensor_shape(ct_tensor tensor, int64_t *shape) {
  auto sizes = tensor->value.sizes();
  std::copy(sizes.begin(), sizes.end(), shape);
}

void ct_tensor_strides(ct_tensor tensor, int64_t *strides) {
  auto values = tensor->value.strides();
  std::copy(values.begin(), values.end(), strides);
}

int32_t ct_tensor_element_type(ct_tensor tensor) { return static_cast<int32_t>(tensor->value.scalar_type()); }

ct_device ct_tensor_device(ct_tensor tensor) {
  auto device = tensor->value.device();
  const int32_t type = device.is_cuda() ? CT_CUDA : device.is_cpu() ? CT_CPU : CT_PRIVATE_USE;
  return {type, device.has_index() ? device.index() : 0};
}

bool ct_tensor_is_contiguous(ct_tensor tensor) { return tensor->value.is_contiguous(); }

bool ct_tensor_is_channels_last(ct_tensor tensor) {
  return tensor->value.is_contiguous(at::MemoryFormat::ChannelsLast);
}

void *ct_tensor_data(ct_tensor tensor) { return tensor->value.data_ptr(); }

int64_t ct_tensor_live_count(void) { return live_count.load(std::memory_order_relaxed); }
