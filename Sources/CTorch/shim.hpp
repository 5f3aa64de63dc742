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
  return device.type == 1 ? c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(device.index)) : c10::Device(c10::kCPU);
}

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
