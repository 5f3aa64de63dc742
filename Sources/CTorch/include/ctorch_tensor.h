/// Tensors: making, releasing and looking at them.
#ifndef CTORCH_TENSOR_H
#define CTORCH_TENSOR_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ct_tensor_s *ct_tensor;

/// Kinds of devices: the processor, NVIDIA's, and whatever was registered with libtorch from outside (its PrivateUse1).
enum { CT_CPU = 0, CT_CUDA = 1, CT_PRIVATE_USE = 2 };

/// Where a tensor lives.
typedef struct {
  int32_t type;
  int32_t index;
} ct_device;

/// A new contiguous tensor that holds a copy of `byte_count` bytes at `bytes`.
char *ct_tensor_from_bytes(const void *bytes, int64_t byte_count, const int64_t *shape, int32_t rank,
                           int32_t element_type, ct_device device, ct_tensor *result);
/// A new CPU tensor over memory that is not copied; `release(context)` is called when libtorch is done with it.
char *ct_tensor_adopting(void *bytes, const int64_t *shape, const int64_t *strides, int32_t rank, int32_t element_type,
                         void (*release)(void *), void *context, ct_tensor *result);
void ct_tensor_release(ct_tensor tensor);

/// A tensor of the CPU on another device, copied from pinned memory without a wait. Gradients flow.
char *ct_tensor_upload(ct_tensor tensor, ct_device device, ct_tensor *result);
/// Tensors of one device on the CPU, after one wait for all of them.
char *ct_tensors_download(const ct_tensor *tensors, int32_t count, ct_tensor *results);

/// How often a tensor's elements have been written in place.
int64_t ct_tensor_version(ct_tensor tensor);
int32_t ct_tensor_rank(ct_tensor tensor);
void ct_tensor_shape(ct_tensor tensor, int64_t *shape);
void ct_tensor_strides(ct_tensor tensor, int64_t *strides);
int32_t ct_tensor_element_type(ct_tensor tensor);
ct_device ct_tensor_device(ct_tensor tensor);
/// Whether elements lie row-major without gaps.
bool ct_tensor_is_contiguous(ct_tensor tensor);
/// Whether a rank-4 tensor [N, C, H, W] lies in memory as N, H, W, C.
bool ct_tensor_is_channels_last(ct_tensor tensor);
/// The first element of a CPU tensor.
void *ct_tensor_data(ct_tensor tensor);

/// How many tensor handles exist at this moment in the process.
int64_t ct_tensor_live_count(void);

#ifdef __cplusplus
}
#endif
#endif
