#include "shim.hpp"

#include <atomic>

static std::atomic<int64_t> live_count{0};

ct_tensor shim::handle(at::Tensor value) {
  live_count.fetch_add(1, std::memory_order_relaxed);
  return new ct_tensor_s{std::move(value)};
}

char *ct_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape, int32_t rank,
                           int32_t element_type, ct_device device, ct_tensor *result) {
  return shim::guarded([&] {
    auto options = at::TensorOptions().dtype(static_cast<at::ScalarType>(element_type));
    at::Tensor tensor = at::empty(at::IntArrayRef(shape, rank), options);
    TORCH_CHECK(tensor.nbytes() == static_cast<size_t>(byte_count), "a tensor of shape ", tensor.sizes(), " has ",
                tensor.nbytes(), " bytes, got ", byte_count);
    if (byte_count > 0) std::memcpy(tensor.data_ptr(), bytes, byte_count);
    *result = shim::handle(device.type == 0 ? tensor : tensor.to(shim::device(device)));
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

int32_t ct_tensor_rank(ct_tensor tensor) { return static_cast<int32_t>(tensor->value.dim()); }

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
  return {device.is_cuda() ? 1 : 0, device.has_index() ? device.index() : 0};
}

bool ct_tensor_is_contiguous(ct_tensor tensor) { return tensor->value.is_contiguous(); }

bool ct_tensor_is_channels_last(ct_tensor tensor) {
  return tensor->value.is_contiguous(at::MemoryFormat::ChannelsLast);
}

void *ct_tensor_data(ct_tensor tensor) { return tensor->value.data_ptr(); }

int64_t ct_tensor_live_count(void) { return live_count.load(std::memory_order_relaxed); }
