// Depthwise convolution of channels-last maps with a fast gradient of the weight.
//
// oneDNN 2.6 has no fast kernel for the weight's gradient of a 5x5 depthwise convolution: on the maps of an EfficientNet it
// takes seven times as long as both passes over them, in bfloat16 thirty times. Forward and the input's gradient are
// the engine's.
#include "shim.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

/// Sizes of a map, its result and the kernel between them.
struct Shape {
  int64_t images, channels, height, width, out_height, out_width, kernel, stride, padding;
};

/// Adds Σx gradient[x] · input[x] to `sums`, for `blocks` times 16 channels of one row.
template <int blocks, typename T>
INLINED void add_row(const T *gradient, const T *input, int64_t count, int64_t gradient_step, int64_t input_step,
                     int64_t lanes_left, float *sums) {
  lanes::Floats sum[blocks];
  for (int b = 0; b < blocks; ++b) sum[b] = lanes::load(sums + b * lanes::width);
  for (int64_t x = 0; x < count; ++x, gradient += gradient_step, input += input_step)
    for (int b = 0; b < blocks; ++b) {
      const int64_t first = b * lanes::width, left = lanes_left - first;
      sum[b] += lanes::load(gradient + first, left) * lanes::load(input + first, left);
    }
  for (int b = 0; b < blocks; ++b) lanes::store(sums + b * lanes::width, sum[b]);
}

/// The gradient of the weights of `blocks` times 16 channels from `first` on, `left` of which are there, as
/// [kernel · kernel][16 · blocks].
template <int blocks, typename T>
INLINED void weight_gradient(const T *gradient, const T *input, const Shape &s, int64_t first, int64_t left,
                             float *sums) {
  constexpr int64_t part = blocks * lanes::width;
  std::fill(sums, sums + s.kernel * s.kernel * part, 0.0f);
  for (int64_t n = 0; n < s.images; ++n)
    for (int64_t oy = 0; oy < s.out_height; ++oy)
      for (int64_t ky = 0; ky < s.kernel; ++ky) {
        const int64_t y = oy * s.stride - s.padding + ky;
        if (y < 0 || y >= s.height) continue;
        for (int64_t kx = 0; kx < s.kernel; ++kx) {
          // Results x0 ..< x1 read a pixel of the map with this element of the kernel.
          const int64_t shift = kx - s.padding;
          const int64_t x0 = shift >= 0 ? 0 : (-shift + s.stride - 1) / s.stride;
          const int64_t last = s.width - 1 - shift;
          const int64_t x1 = last < 0 ? 0 : std::min(s.out_width, last / s.stride + 1);
          if (x0 >= x1) continue;
          const T *g = gradient + ((n * s.out_height + oy) * s.out_width + x0) * s.channels + first;
          const T *i = input + ((n * s.height + y) * s.width + x0 * s.stride + shift) * s.channels + first;
          add_row<blocks>(g, i, x1 - x0, s.channels, s.stride * s.channels, left, sums + (ky * s.kernel + kx) * part);
        }
      }
}

/// The gradients of channels `first` ..< `last` into `result` [channels, kernel · kernel].
template <typename T>
INLINED void weight_gradients(const T *gradient, const T *input, const Shape &s, int64_t first, int64_t last,
                              float *sums, float *result) {
  const int64_t area = s.kernel * s.kernel;
  lanes::for_wide_channels<4>(last - first, [&](auto blocks, int64_t begin, int64_t left) ALWAYS_INLINED {
    constexpr int64_t part = blocks.value * lanes::width;
    weight_gradient<blocks.value>(gradient, input, s, first + begin, left, sums);
    for (int64_t c = 0; c < std::min(part, left); ++c)
      for (int64_t k = 0; k < area; ++k) result[(first + begin + c) * area + k] = sums[k * part + c];
  });
}

MULTIVERSIONED void weight_gradients_of_floats(const float *gradient, const float *input, const Shape &s, int64_t first,
                                               int64_t last, float *sums, float *result) {
  weight_gradients(gradient, input, s, first, last, sums, result);
}

MULTIVERSIONED void weight_gradients_of_bfloats(const c10::BFloat16 *gradient, const c10::BFloat16 *input,
                                                const Shape &s, int64_t first, int64_t last, float *sums, float *result) {
  weight_gradients(gradient, input, s, first, last, sums, result);
}

/// float32 [C, 1, k, k]. Every thread takes channels, so the order of a sum does not depend on the number of threads.
at::Tensor weight_gradient(const at::Tensor &gradient, const at::Tensor &input, const Shape &s) {
  shim::CountedKernel counted("depthwise_weight_gradient");
  at::Tensor result = at::empty({s.channels, 1, s.kernel, s.kernel}, input.options().dtype(at::kFloat));
  counted.moves({gradient, input, result});
  counted.computes(2 * gradient.numel() * s.kernel * s.kernel, input.itemsize() == 2);
  const int64_t blocks = (s.channels + lanes::width - 1) / lanes::width;
  const int64_t products = gradient.numel() * s.kernel * s.kernel / s.channels * lanes::width;  // of a block
  shim::parallel_for(0, blocks, shim::worthwhile / std::max<int64_t>(1, products), [&](int64_t begin, int64_t end) {
    std::vector<float> sums(s.kernel * s.kernel * 4 * lanes::width);
    const int64_t first = begin * lanes::width, last = std::min(s.channels, end * lanes::width);
    if (input.scalar_type() == at::kFloat)
      weight_gradients_of_floats(gradient.data_ptr<float>(), input.data_ptr<float>(), s, first, last, sums.data(),
                                 result.data_ptr<float>());
    else
      weight_gradients_of_bfloats(gradient.data_ptr<at::BFloat16>(), input.data_ptr<at::BFloat16>(), s, first, last,
                                  sums.data(), result.data_ptr<float>());
  });
  return result;
}

struct DepthwiseConvolution : torch::autograd::Function<DepthwiseConvolution> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input,
                            const at::Tensor &weight, int64_t stride, int64_t padding) {
    context->save_for_backward({input, weight});
    context->saved_data["stride"] = stride;
    context->saved_data["padding"] = padding;
    return at::conv2d(input, weight, {}, {stride, stride}, {padding, padding}, {1, 1}, input.size(1));
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor input = saved[0].contiguous(at::MemoryFormat::ChannelsLast), weight = saved[1];
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const int64_t stride = context->saved_data["stride"].toInt(), padding = context->saved_data["padding"].toInt();
    at::Tensor input_gradient, filter_gradient;
    if (saved[0].requires_grad())
      input_gradient = std::get<0>(at::convolution_backward(
          gradient, input, weight, c10::nullopt, {stride, stride}, {padding, padding}, {1, 1}, false, {0, 0},
          input.size(1), {true, false, false}));
    if (weight.requires_grad()) {
      const Shape shape{input.size(0), input.size(1), input.size(2), input.size(3), gradient.size(2), gradient.size(3),
                        weight.size(2), stride, padding};
      filter_gradient = weight_gradient(gradient, input, shape).to(weight.scalar_type());
    }
    return {input_gradient, filter_gradient, at::Tensor(), at::Tensor()};
  }
};

void check(const at::Tensor &input, const at::Tensor &weight) {
  TORCH_CHECK(input.is_cpu() && input.dim() == 4, "this depthwise convolution takes maps [N, C, H, W] on the CPU");
  TORCH_CHECK(input.scalar_type() == at::kFloat || input.scalar_type() == at::kBFloat16,
              "maps are float32 or bfloat16, got ", input.scalar_type());
  TORCH_CHECK(weight.scalar_type() == input.scalar_type(), "weights have the type of the maps");
  TORCH_CHECK(weight.dim() == 4 && weight.size(0) == input.size(1) && weight.size(1) == 1 &&
                  weight.size(2) == weight.size(3),
              "weights are [C, 1, k, k] for maps ", input.sizes(), ", got ", weight.sizes());
}

}  // namespace

char *ct_depthwise_convolution(ct_tensor input, ct_tensor weight, int64_t stride, int64_t padding, ct_tensor *result) {
  return shim::guarded([&] {
    check(input->value, weight->value);
    *result = shim::handle(DepthwiseConvolution::apply(input->value, weight->value, stride, padding));
  });
}
