// The weights of many layers in the form that they compute with, prepared in a few operations over lists of tensors, and their
// gradients likewise: for devices that are asked for an operation in more time than they take for it.
#include "shim.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

#include <vector>

namespace {

using torch::autograd::variable_list;

/// The tensors of a list that are defined, and where they stand in it.
struct Chosen {
  std::vector<at::Tensor> tensors;
  std::vector<size_t> places;

  template <typename Condition>
  Chosen(const std::vector<at::Tensor> &all, Condition condition) {
    for (size_t i = 0; i < all.size(); ++i)
      if (condition(i)) tensors.push_back(all[i]), places.push_back(i);
  }
  void put(const std::vector<at::Tensor> &results, std::vector<at::Tensor> &all) const {
    for (size_t i = 0; i < places.size(); ++i) all[places[i]] = results[i];
  }
};

/// `values` in another type.
std::vector<at::Tensor> converted(const std::vector<at::Tensor> &values, at::ScalarType type) {
  std::vector<at::Tensor> results;
  results.reserve(values.size());
  for (const at::Tensor &value : values) results.push_back(at::empty_like(value, value.options().dtype(type)));
#if __has_include(<ATen/ops/_foreach_copy.h>)
  if (!values.empty()) at::_foreach_copy_(results, values);
#else
  for (size_t i = 0; i < values.size(); ++i) results[i].copy_(values[i]);
#endif
  return results;
}

/// All of `values` that are defined in a type, times their factors before or behind it, whichever has float32.
void prepare(std::vector<at::Tensor> &values, const std::vector<at::Tensor> &factors, at::ScalarType type) {
  const auto multiply = [&] {
    const Chosen scaled(values, [&](size_t i) { return values[i].defined() && factors[i].defined(); });
    const Chosen by(factors, [&](size_t i) { return values[i].defined() && factors[i].defined(); });
    if (!scaled.tensors.empty()) scaled.put(at::_foreach_mul(scaled.tensors, by.tensors), values);
  };
  if (type != at::kFloat) multiply();
  const Chosen others(values, [&](size_t i) { return values[i].defined() && values[i].scalar_type() != type; });
  others.put(converted(others.tensors, type), values);
  if (type == at::kFloat) multiply();
}

struct WeightsTogether : torch::autograd::Node {
  std::vector<at::Tensor> factors;

  variable_list apply(variable_list &&gradients) override {
    at::AutoGradMode recording(false);
    std::vector<at::Tensor> results(gradients.begin(), gradients.end());
    prepare(results, factors, at::kFloat);
    return results;
  }
};

}  // namespace

char *ct_prepare_weights(const ct_tensor *weights, const ct_tensor *factors, int32_t count, int32_t element_type,
                         ct_tensor *results) {
  return shim::guarded([&] {
    const auto type = static_cast<at::ScalarType>(element_type);
    std::vector<at::Tensor> prepared, scales;
    for (int32_t i = 0; i < count; ++i) {
      TORCH_CHECK(weights[i]->value.scalar_type() == at::kFloat, "weights are kept in float32, got ", weights[i]->value.scalar_type());
      prepared.push_back(weights[i]->value.detach());
      scales.push_back(factors[i] ? factors[i]->value : at::Tensor());
      TORCH_CHECK(!factors[i] || factors[i]->value.sizes() == prepared.back().sizes(), "a factor has its weight's shape");
    }
    {
      at::AutoGradMode recording(false);
      prepare(prepared, scales, type);
    }
    std::shared_ptr<WeightsTogether> node(new WeightsTogether, torch::autograd::deleteNode);
    std::vector<at::Tensor> learnt;
    if (at::GradMode::is_enabled())
      for (int32_t i = 0; i < count; ++i)
        if (weights[i]->value.requires_grad()) {
          learnt.push_back(weights[i]->value);
          node->factors.push_back(scales[i]);
        }
    node->set_next_edges(torch::autograd::collect_next_edges(learnt));
    if (!learnt.empty())
      for (int32_t i = 0; i < count; ++i)
        if (weights[i]->value.requires_grad()) {
          // What is neither scaled nor of another type is the weight itself, and no node stands before it.
          TORCH_CHECK(scales[i].defined() || type != at::kFloat, "a weight that needs no preparation");
          torch::autograd::set_history(prepared[i], node);
        }
    for (int32_t i = 0; i < count; ++i) results[i] = shim::handle(prepared[i]);
  });
}
