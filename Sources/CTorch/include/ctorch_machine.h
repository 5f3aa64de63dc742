/// The machine: devices, threads, memory, version.
#ifndef CTORCH_MACHINE_H
#define CTORCH_MACHINE_H

#include "ctorch_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// libtorch's version as its headers tell it.
const char *ct_version(void);
/// The number of usable CUDA devices; 0 in a CPU build, without a driver, or without a card.
int32_t ct_cuda_device_count(void);
/// Why no CUDA device can be used, as the loader or the driver says it; null where there is nothing to say. `has_cuda`
/// becomes whether a CUDA half of libtorch lies beside the CPU half.
char *ct_cuda_problem(bool *has_cuda);
/// The name of a CUDA device as its driver says it, to be freed; null where that cannot be asked.
char *ct_cuda_name(ct_device device);
/// Free and total memory of a CUDA device in bytes.
char *ct_cuda_memory(ct_device device, int64_t *free_bytes, int64_t *total_bytes);
/// Whether something has registered a device with libtorch from outside.
bool ct_is_private_use_registered(void);
/// Whether a device has instructions for bfloat16: AVX-512 BF16, unless oneDNN is told by ONEDNN_MAX_CPU_ISA not to use
/// them; a CUDA card that is there, from Ampere on.
bool ct_is_fast_at_bfloat16(ct_device device);
/// Whether a convolution and its gradients can be computed in bfloat16 at all; tried on a tiny one.
bool ct_computes_bfloat16(ct_device device);
/// Waits until everything queued on a device is done; nothing on the CPU.
char *ct_synchronize(ct_device device);

/// Sets the threads of libtorch's own pool and of OpenBLAS, which keeps another.
char *ct_set_thread_count(int32_t count);
int32_t ct_thread_count(void);
/// The threads that a loop of this shim's own kernels runs on, found by running one: as many, or 1 where libtorch's OpenMP runtime is none
/// that can be called.
int32_t ct_loop_thread_count(void);
/// Gives this thread a lower scheduling priority, so that loader threads do not delay the engine's barriers.
void ct_lower_thread_priority(void);
/// Keeps large freed blocks in the process: a training step allocates the same sizes again and again.
void ct_keep_freed_memory(void);
/// Whether NVIDIA GPUs time each convolution's algorithms where its sizes are first seen, and keep to the fastest (cuDNN's benchmark).
void ct_search_convolutions(bool searches);
/// Whether NVIDIA GPUs may round the factors of float32 convolutions to TF32, which tensor cores multiply; true at first, as in PyTorch.
void ct_round_convolutions(bool rounds);
/// From now on large tensors of the CPU lie in a range of addresses of their own, whose memory is kept.
void ct_use_arena(void);
/// Peak resident memory of the process in bytes.
int64_t ct_peak_memory(void);
/// Private memory that the process has mapped, touched or not, in bytes: what RLIMIT_DATA counts.
int64_t ct_mapped_memory(void);
/// The most private memory that the process may have, in bytes (RLIMIT_DATA); -1 for no limit.
int64_t ct_memory_limit(void);
/// Lowers that limit, so that more fails as an allocation, and makes the process the first that the kernel ends.
void ct_limit_memory(int64_t bytes);

#ifdef __cplusplus
}
#endif
#endif
