// Shared by the shim's sources: what a handle is, and how an exception becomes a message.
#pragma once

#include <ATen/core/ivalue.h>  // first: with it, libtorch 1.13's headers also compile as C++20

#include <ATen/ATen.h>

#include <cstdlib>
#include <cstring>
#include <exception>

#include "include/ctorch.h"

struct ct_tensor_s {
  at::Tensor value;
};
struct ct_generator_s {
  at::Generator value;
};

namespace shim {

/// A new handle; counted, so that tests can see that memory is released promptly.
ct_tensor handle(at::Tensor value);

inline c10::Device device(ct_device device) {
  if (device.type == CT_CPU) return c10::Device(c10::kCPU);
  return c10::Device(device.type == CT_CUDA ? c10::DeviceType::CUDA : c10::DeviceType::PrivateUse1,
                     static_cast<c10::DeviceIndex>(device.index));
}

/// A tensor of the CPU on another device, without a wait: the device copies it when its turn comes.
at::Tensor uploaded(const at::Tensor &tensor, c10::Device device);

/// Runs the body and turns whatever it throws into a message.
template <typename Body>
char *guarded(Body &&body) noexcept {
  try {
    body();
    return nullptr;
  } catch (const c10::Error &error) {
    return strdup(error.what_without_backtrace());
  } catch (const std::exception &error) {
    return strdup(error.what());
  } catch (...) {
    return strdup("libtorch failed without a message");
  }
}

}  // namespace shim
