#include "shim.hpp"

#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/autograd.h>

bool ct_tensor_requires_gradient(ct_tensor tensor) { return tensor->value.requires_grad(); }

char *ct_tensor_set_requires_gradient(ct_tensor tensor, bool required) {
  return shim::guarded([&] { tensor->value.set_requires_grad(required); });
}

char *ct_tensor_gradient(ct_tensor tensor, ct_tensor *result) {
  return shim::guarded([&] {
    const auto &gradient = tensor->value.grad();
    *result = gradient.defined() ? shim::handle(gradient) : nullptr;
  });
}

char *ct_tensor_set_gradient(ct_tensor tensor, ct_tensor gradient) {
  return shim::guarded([&] { tensor->value.mutable_grad() = gradient ? gradient->value : at::Tensor(); });
}

char *ct_backward(ct_tensor scalar) {
  return shim::guarded([&] { torch::autograd::backward({scalar->value}, {}); });
}

char *ct_gradients(ct_tensor scalar, const ct_tensor *inputs, int32_t count, bool retain_graph, ct_tensor *results) {
  return shim::guarded([&] {
    torch::autograd::variable_list variables;
    for (int32_t i = 0; i < count; ++i) variables.push_back(inputs[i]->value);
    auto gradients = torch::autograd::grad({scalar->value}, variables, {}, retain_graph, /*create_graph=*/false,
                                           /*allow_unused=*/true);
    for (int32_t i = 0; i < count; ++i) results[i] = gradients[i].defined() ? shim::handle(gradients[i]) : nullptr;
  });
}

bool ct_gradient_recording(void) { return c10::GradMode::is_enabled(); }

void ct_set_gradient_recording(bool enabled) { c10::GradMode::set_enabled(enabled); }
