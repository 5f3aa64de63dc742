// Convolutions and linear layers whose float32 weights are prepared for their input, multiplied by a folded norm's scale and
// rounded to the input's type, in the forward pass and, on the CPU, once more in the backward pass. Kept by the engine's own graph,
// prepared weights would be a further copy of all weights from one pass to the other.
#include "shim.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

/// A factor for each of the first axis's slices, which lie one behind the other; none: 1.
struct Slices {
  int64_t count, size;
  const float *scale;
};

template <typename From, typename To>
INLINED void scale_slices(const From *from, To *to, const Slices &slices, int64_t begin, int64_t end) {
  for (int64_t s = begin; s < end; ++s) {
    const float factor = slices.scale ? slices.scale[s] : 1;
    lanes::for_channels(slices.size, [&](int64_t i, int64_t left) ALWAYS_INLINED {
      const int64_t at = s * slices.size + i;
      lanes::store(to + at, lanes::load(from + at, left) * factor, left);
    });
  }
}

#define VERSIONS(name, From, To)                                                                                      \
  MULTIVERSIONED void name(const From *from, To *to, const Slices &slices, int64_t begin, int64_t end) {              \
    scale_slices(from, to, slices, begin, end);                                                                       \
  }
VERSIONS(floats_to_floats, float, float)
VERSIONS(floats_to_bfloats, float, c10::BFloat16)
VERSIONS(bfloats_to_floats, c10::BFloat16, float)
#undef VERSIONS

/// `values` times the scale of its slice, in another type and in one pass.
at::Tensor scaled(const at::Tensor &values, const at::Tensor &scale, at::ScalarType type) {
  const at::ScalarType from = values.scalar_type();
  if (!scale.defined() && from == type) return values;
  const int64_t count = values.size(0), size = count > 0 ? values.numel() / count : 0;
  const bool is_for_kernel = values.is_cpu() && values.is_non_overlapping_and_dense() && count > 0 &&
                             values.stride(0) == size && (!scale.defined() || scale.scalar_type() == at::kFloat) &&
                             ((from == at::kFloat && (type == at::kFloat || type == at::kBFloat16)) ||
                              (from == at::kBFloat16 && type == at::kFloat));
  if (!is_for_kernel) {
    std::vector<int64_t> shape(values.dim(), 1);
    shape[0] = -1;
    if (!scale.defined()) return values.to(type);
    // In one launch, where a launch takes longer than the work.
    at::Tensor result = at::empty_like(values, values.options().dtype(type));
    return at::mul_out(result, values, scale.reshape(shape));
  }
  shim::CountedKernel counted("scaled_weight");
  const at::Tensor factors = scale.defined() ? scale.contiguous() : scale;
  const Slices slices{count, size, factors.defined() ? factors.data_ptr<float>() : nullptr};
  at::Tensor result = at::empty_like(values, values.options().dtype(type));
  counted.moves({values, result});
  shim::parallel_for(0, count, shim::worthwhile / std::max<int64_t>(1, size), [&](int64_t begin, int64_t end) {
    if (from == at::kBFloat16)
      bfloats_to_floats(values.data_ptr<at::BFloat16>(), result.data_ptr<float>(), slices, begin, end);
    else if (type == at::kFloat)
      floats_to_floats(values.data_ptr<float>(), result.data_ptr<float>(), slices, begin, end);
    else
      floats_to_bfloats(values.data_ptr<float>(), result.data_ptr<at::BFloat16>(), slices, begin, end);
  });
  return result;
}

/// What is kept for the backward pass: nothing on the CPU, whose memory is short; on a GPU its launches are.
at::Tensor kept(const at::Tensor &prepared) { return prepared.is_cpu() ? at::Tensor() : prepared; }

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct PreparedConvolution : torch::autograd::Function<PreparedConvolution> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const c10::optional<at::Tensor> &scale, const c10::optional<at::Tensor> &bias,
                            int64_t stride, int64_t padding, int64_t dilation) {
    const at::Tensor factors = scale.value_or(at::Tensor()), prepared = scaled(weight, factors, input.scalar_type());
    context->save_for_backward({input, weight, factors, kept(prepared)});
    context->saved_data["numbers"] = std::vector<int64_t>{stride, padding, dilation};
    context->saved_data["outputs"] = bias ? bias->size(0) : 0;
    return at::conv2d(input, prepared, bias, {stride, stride}, {padding, padding}, {dilation, dilation});
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], &scale = saved[2];
    const auto numbers = context->saved_data["numbers"].toIntVector();
    const int64_t outputs = context->saved_data["outputs"].toInt();
    // What is absent has no edge.
    const bool wants_bias = outputs > 0 && context->needs_input_grad(scale.defined() ? 3 : 2);
    const std::array<bool, 3> wanted{input.requires_grad(), weight.requires_grad(), wants_bias};
    const auto [of_input, of_weight, of_bias] = at::convolution_backward(
        gradients[0], input, saved[3].defined() ? saved[3] : scaled(weight, scale, input.scalar_type()),
        wants_bias ? at::OptionalIntArrayRef(at::IntArrayRef(outputs)) : at::OptionalIntArrayRef(),
        {numbers[0], numbers[0]}, {numbers[1], numbers[1]}, {numbers[2], numbers[2]}, false, {0, 0}, 1, wanted);
    return {of_input,     wanted[1] ? scaled(of_weight, scale, weight.scalar_type()) : at::Tensor(),
            at::Tensor(), of_bias,
            at::Tensor(), at::Tensor(),
            at::Tensor()};
  }
};

struct PreparedLinear : torch::autograd::Function<PreparedLinear> {
  static at::Tensor forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const at::Tensor &bias) {
    const at::Tensor prepared = scaled(weight, {}, input.scalar_type());
    context->save_for_backward({input, weight, kept(prepared)});
    return at::linear(input, prepared, bias);
  }

  static variable_list backward(AutogradContext *context, variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor &gradient = gradients[0], &input = saved[0], &weight = saved[1];
    at::Tensor of_input, of_weight;
    if (input.requires_grad())
      of_input = gradient.mm(saved[2].defined() ? saved[2] : scaled(weight, {}, input.scalar_type()));
    if (weight.requires_grad()) of_weight = scaled(gradient.t().mm(input), {}, weight.scalar_type());
    return {of_input, of_weight, gradient.sum(0)};
  }
};

}  // namespace

char *ct_prepared_convolution(ct_tensor input, ct_tensor weight, ct_tensor scale, ct_tensor bias, int64_t stride,
                              int64_t padding, int64_t dilation, ct_tensor *result) {
  return shim::guarded([&] {
    const auto optional = [](ct_tensor tensor) {
      return tensor ? c10::optional<at::Tensor>(tensor->value) : c10::optional<at::Tensor>();
    };
    TORCH_CHECK(!scale || (!scale->value.requires_grad() && scale->value.dim() == 1 &&
                           scale->value.size(0) == weight->value.size(0)),
                "a folded scale has a number for each output and no gradient");
    *result = shim::handle(PreparedConvolution::apply(input->value, weight->value, optional(scale), optional(bias), stride,
                                                      padding, dilation));
  });
}

char *ct_prepared_linear(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor *result) {
  return shim::guarded([&] {
    TORCH_CHECK(input->value.dim() == 2, "rows [R, inputs] are wanted, got ", input->value.sizes());
    *result = shim::handle(PreparedLinear::apply(input->value, weight->value, bias->value));
  });
}
