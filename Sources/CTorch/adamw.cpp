// One pass over memory for a step of AdamW (Loshchilov & Hutter 2019) on the CPU; as a row of the engine's operations it
// takes seven.
#include "shim.hpp"

#include <cmath>
#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

/// The step's numbers in float32.
struct Factors {
  float decay, beta1, beta2, inverse_correction, epsilon, rate;
};

/// A part of one tensor with its gradient and what is remembered of it.
struct Part {
  float *value;
  const float *gradient;
  float *mean, *square;
  int64_t count;
};

MULTIVERSIONED void update(const Part &part, const Factors &f) {
  lanes::for_channels(part.count, [&](int64_t i, int64_t left) ALWAYS_INLINED {
    const lanes::Floats gradient = lanes::load(part.gradient + i, left);
    const lanes::Floats mean = lanes::load(part.mean + i, left) * f.beta1 + gradient * (1 - f.beta1);
    const lanes::Floats square = lanes::load(part.square + i, left) * f.beta2 + gradient * gradient * (1 - f.beta2);
    const lanes::Floats scale = __builtin_elementwise_sqrt(square) * f.inverse_correction + f.epsilon;
    lanes::store(part.mean + i, mean, left);
    lanes::store(part.square + i, square, left);
    lanes::store(part.value + i, lanes::load(part.value + i, left) * f.decay - f.rate * (mean / scale), left);
  });
}

constexpr int64_t part_size = 1 << 14;

}  // namespace

char *ct_adamw_step(const ct_tensor *values, const ct_tensor *gradients, const ct_tensor *means,
                    const ct_tensor *squares, int32_t count, ct_adamw_options options) {
  return shim::guarded([&] {
    shim::CountedKernel counted("adamw_step");
    std::vector<Part> parts;
    std::vector<at::Tensor> kept;  // gradients that had to be laid out anew
    for (int32_t t = 0; t < count; ++t) {
      const at::Tensor &value = values[t]->value, &mean = means[t]->value, &square = squares[t]->value;
      at::Tensor gradient = gradients[t]->value;
      for (const at::Tensor &tensor : {value, gradient, mean, square})
        TORCH_CHECK(tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.sizes() == value.sizes(),
                    "values, gradients and what is remembered are float32 of one shape on the CPU");
      TORCH_CHECK(value.is_contiguous() && mean.is_contiguous() && square.is_contiguous(),
                  "values and what is remembered lie row-major");
      kept.push_back(gradient.contiguous());
      counted.moves({gradient, value, value, mean, mean, square, square});  // three of them read and written
      for (int64_t first = 0; first < value.numel(); first += part_size)
        parts.push_back({value.data_ptr<float>() + first, kept.back().data_ptr<float>() + first,
                         mean.data_ptr<float>() + first, square.data_ptr<float>() + first,
                         std::min(part_size, value.numel() - first)});
    }
    const Factors factors{float(1 - options.learning_rate * options.weight_decay),
                          float(options.beta1),
                          float(options.beta2),
                          float(1 / std::sqrt(options.correction2)),
                          float(options.epsilon),
                          float(options.learning_rate / options.correction1)};
    shim::parallel_for(0, int64_t(parts.size()), 4, [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) update(parts[p], factors);
    });
  });
}
