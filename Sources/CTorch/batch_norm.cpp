// Batch normalisation by the batch's own statistics with the clamping behind it (ReLU, ReLU6), in one operation on channels-last
// maps: two passes over memory forward and two backward. Statistics and sums are float32 also for bfloat16 maps, and
// do not depend on the number of threads.
#include "shim.hpp"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <vector>

#include "lanes.hpp"
#include "work.hpp"

namespace {

using lanes::Floats;

/// A map as rows of channels.
struct Rows {
  int64_t count, channels;
};

/// What turns a map into its normalised form: x · scale + shift, clamped to low…high; `mean` is the batch's. Each [C].
struct Norm {
  const float *scale, *shift, *mean;
  float low, high;

  INLINED Floats value(Floats x, int64_t c, int64_t left) const {
    return x * lanes::load(scale + c, left) + lanes::load(shift + c, left);
  }
  /// What is not a number stays so.
  INLINED Floats clamped(Floats y) const {
    y = lanes::chosen(y < low, lanes::all(low), y);
    return lanes::chosen(y > high, lanes::all(high), y);
  }
  /// The gradient before the clamping.
  INLINED Floats gradient(Floats y, Floats g) const { return lanes::chosen((y <= low) | (y >= high), Floats{}, g); }
};

/// The mean and the sum of squared distances from it of every channel, over rows `begin` ..< `end`.
template <typename T>
INLINED void statistics(const T *x, Rows rows, int64_t begin, int64_t end, float *means, float *squares) {
  lanes::for_wide_channels<4>(rows.channels, [&](auto blocks, int64_t c, int64_t left) ALWAYS_INLINED {
    Floats sum[blocks.value] = {}, square[blocks.value] = {};
    for (int64_t r = begin; r < end; ++r)
      for (int b = 0; b < blocks; ++b)
        sum[b] += lanes::load(x + r * rows.channels + c + b * lanes::width, left);
    for (int b = 0; b < blocks; ++b) sum[b] /= float(end - begin);
    for (int64_t r = begin; r < end; ++r)
      for (int b = 0; b < blocks; ++b) {
        const Floats distance = lanes::load(x + r * rows.channels + c + b * lanes::width, left) - sum[b];
        square[b] += distance * distance;
      }
    for (int b = 0; b < blocks; ++b) {
      lanes::store(means + c + b * lanes::width, sum[b], left);
      lanes::store(squares + c + b * lanes::width, square[b], left);
    }
  });
}

/// Σ g and Σ g · (x − mean) of every channel over rows `begin` ..< `end`; g is the gradient before the clamping.
template <typename T>
INLINED void gradient_sums(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end, const Norm &norm,
                           float *sums, float *products) {
  lanes::for_wide_channels<2>(rows.channels, [&](auto blocks, int64_t first, int64_t left) ALWAYS_INLINED {
    Floats sum[blocks.value] = {}, product[blocks.value] = {};
    for (int64_t r = begin; r < end; ++r)
      for (int b = 0; b < blocks; ++b) {
        const int64_t c = first + b * lanes::width, at = r * rows.channels + c;
        const Floats value = lanes::load(x + at, left);
        const Floats g = norm.gradient(norm.value(value, c, left), lanes::load(gradient + at, left));
        sum[b] += g;
        product[b] += g * (value - lanes::load(norm.mean + c, left));
      }
    for (int b = 0; b < blocks; ++b) {
      lanes::store(sums + first + b * lanes::width, sum[b], left);
      lanes::store(products + first + b * lanes::width, product[b], left);
    }
  });
}

template <typename T>
INLINED void normalize(const T *x, Rows rows, int64_t begin, int64_t end, const Norm &norm, T *y) {
  for (int64_t r = begin; r < end; ++r)
    lanes::for_channels(rows.channels, [&](int64_t c, int64_t left) ALWAYS_INLINED {
      const int64_t at = r * rows.channels + c;
      lanes::store(y + at, norm.clamped(norm.value(lanes::load(x + at, left), c, left)), left);
    });
}

/// g · scale + (x − mean) · slope + offset: the gradient of the map.
template <typename T>
INLINED void map_gradient(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end, const Norm &norm,
                          const float *slope, const float *offset, T *result) {
  for (int64_t r = begin; r < end; ++r)
    lanes::for_channels(rows.channels, [&](int64_t c, int64_t left) ALWAYS_INLINED {
      const int64_t at = r * rows.channels + c;
      const Floats value = lanes::load(x + at, left);
      const Floats g = norm.gradient(norm.value(value, c, left), lanes::load(gradient + at, left));
      const Floats centred = value - lanes::load(norm.mean + c, left);
      lanes::store(result + at,
                   g * lanes::load(norm.scale + c, left) + centred * lanes::load(slope + c, left) +
                       lanes::load(offset + c, left),
                   left);
    });
}

// MARK: for each processor

#define VERSIONS(name, T)                                                                                            \
  MULTIVERSIONED void statistics_of_##name(const T *x, Rows rows, int64_t begin, int64_t end, float *means,          \
                                           float *squares) {                                                         \
    statistics(x, rows, begin, end, means, squares);                                                                 \
  }                                                                                                                  \
  MULTIVERSIONED void normalize_##name(const T *x, Rows rows, int64_t begin, int64_t end, const Norm &norm, T *y) {  \
    normalize(x, rows, begin, end, norm, y);                                                                         \
  }                                                                                                                  \
  MULTIVERSIONED void gradient_sums_of_##name(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end,  \
                                              const Norm &norm, float *sums, float *products) {                      \
    gradient_sums(x, gradient, rows, begin, end, norm, sums, products);                                              \
  }                                                                                                                  \
  MULTIVERSIONED void map_gradient_of_##name(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end,   \
                                             const Norm &norm, const float *slope, const float *offset, T *result) { \
    map_gradient(x, gradient, rows, begin, end, norm, slope, offset, result);                                        \
  }
VERSIONS(floats, float)
VERSIONS(bfloats, c10::BFloat16)
#undef VERSIONS

// MARK: over chunks

/// Rows a chunk, such that a chunk stays in the second cache; the chunks depend on the map alone.
int64_t chunk_rows(Rows rows) { return std::max<int64_t>(16, 16384 / rows.channels); }

/// Calls `body(chunk, begin, end)` for all chunks of rows, on all threads.
template <typename Body>
void for_chunks(Rows rows, Body body) {
  const int64_t size = chunk_rows(rows), chunks = (rows.count + size - 1) / size;
  at::parallel_for(0, chunks, 1, [&](int64_t first, int64_t last) {
    for (int64_t chunk = first; chunk < last; ++chunk)
      body(chunk, chunk * size, std::min(rows.count, (chunk + 1) * size));
  });
}

/// Two rows of numbers a chunk, [chunks, 2, C].
std::vector<float> chunk_sums(Rows rows) {
  const int64_t size = chunk_rows(rows);
  return std::vector<float>((rows.count + size - 1) / size * 2 * rows.channels);
}

/// The mean and the variance (over N) of every channel, [C] each.
std::pair<std::vector<double>, std::vector<double>> moments(const at::Tensor &map, Rows rows) {
  auto sums = chunk_sums(rows);
  for_chunks(rows, [&](int64_t chunk, int64_t begin, int64_t end) {
    float *means = sums.data() + chunk * 2 * rows.channels, *squares = means + rows.channels;
    if (map.scalar_type() == at::kFloat)
      statistics_of_floats(map.data_ptr<float>(), rows, begin, end, means, squares);
    else
      statistics_of_bfloats(map.data_ptr<at::BFloat16>(), rows, begin, end, means, squares);
  });
  std::vector<double> mean(rows.channels), variance(rows.channels);
  const int64_t size = chunk_rows(rows);
  const double all = double(rows.count);
  // Chan, Golub, LeVeque: squares about the chunk's mean, and the chunk's mean about that of all.
  for (int64_t begin = 0, chunk = 0; begin < rows.count; begin += size, ++chunk) {
    const double count = double(std::min(size, rows.count - begin));
    const float *means = sums.data() + chunk * 2 * rows.channels;
    for (int64_t c = 0; c < rows.channels; ++c) mean[c] += count / all * means[c];
  }
  for (int64_t begin = 0, chunk = 0; begin < rows.count; begin += size, ++chunk) {
    const double count = double(std::min(size, rows.count - begin));
    const float *means = sums.data() + chunk * 2 * rows.channels, *squares = means + rows.channels;
    for (int64_t c = 0; c < rows.channels; ++c)
      variance[c] += (squares[c] + count * (means[c] - mean[c]) * (means[c] - mean[c])) / all;
  }
  return {mean, variance};
}

Norm norm_of(const at::Tensor &constants, double low, double high) {
  const float *values = constants.data_ptr<float>();
  const int64_t channels = constants.size(1);
  return {values, values + channels, values + 2 * channels, float(low), float(high)};
}

struct ClampedBatchNorm : torch::autograd::Function<ClampedBatchNorm> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                            const at::Tensor &bias, at::Tensor running_mean, at::Tensor running_variance,
                            double momentum, double epsilon, double low, double high) {
    shim::CountedKernel counted("clamped_batch_norm");
    const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
    const Rows rows{map.size(0) * map.size(2) * map.size(3), map.size(1)};
    const auto [mean, variance] = moments(map, rows);
    // Scale, shift, mean and 1 / deviation, a row each.
    at::Tensor constants = at::empty({4, rows.channels}, weight.options().dtype(at::kFloat));
    float *scale = constants.data_ptr<float>(), *shift = scale + rows.channels;
    float *centre = shift + rows.channels, *inverse = centre + rows.channels;
    const at::Tensor w = weight.contiguous(), b = bias.contiguous();
    for (int64_t c = 0; c < rows.channels; ++c) {
      const double deviation = std::sqrt(variance[c] + epsilon);
      centre[c] = float(mean[c]);
      inverse[c] = float(1 / deviation);
      scale[c] = float(w.data_ptr<float>()[c] / deviation);
      shift[c] = float(b.data_ptr<float>()[c] - mean[c] * w.data_ptr<float>()[c] / deviation);
    }
    if (momentum > 0) {
      float *means = running_mean.data_ptr<float>(), *variances = running_variance.data_ptr<float>();
      const double unbiased = double(rows.count) / double(rows.count - 1);
      for (int64_t c = 0; c < rows.channels; ++c) {
        means[c] = float((1 - momentum) * means[c] + momentum * mean[c]);
        variances[c] = float((1 - momentum) * variances[c] + momentum * variance[c] * unbiased);
      }
    }
    const Norm norm = norm_of(constants, low, high);
    at::Tensor result = at::empty_like(map, map.options(), at::MemoryFormat::ChannelsLast);
    for_chunks(rows, [&](int64_t, int64_t begin, int64_t end) {
      if (map.scalar_type() == at::kFloat)
        normalize_floats(map.data_ptr<float>(), rows, begin, end, norm, result.data_ptr<float>());
      else
        normalize_bfloats(map.data_ptr<at::BFloat16>(), rows, begin, end, norm, result.data_ptr<at::BFloat16>());
    });
    counted.moves({map, result});
    context->save_for_backward({input, constants});
    context->saved_data["low"] = low;
    context->saved_data["high"] = high;
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    shim::CountedKernel counted("clamped_batch_norm_backward");
    const auto saved = context->get_saved_variables();
    const at::Tensor map = saved[0].contiguous(at::MemoryFormat::ChannelsLast), constants = saved[1];
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const Rows rows{map.size(0) * map.size(2) * map.size(3), map.size(1)};
    const Norm norm =
        norm_of(constants, context->saved_data["low"].toDouble(), context->saved_data["high"].toDouble());
    const float *inverse = norm.mean + rows.channels;

    auto sums = chunk_sums(rows);
    for_chunks(rows, [&](int64_t chunk, int64_t begin, int64_t end) {
      float *sum = sums.data() + chunk * 2 * rows.channels, *product = sum + rows.channels;
      if (map.scalar_type() == at::kFloat)
        gradient_sums_of_floats(map.data_ptr<float>(), gradient.data_ptr<float>(), rows, begin, end, norm, sum, product);
      else
        gradient_sums_of_bfloats(map.data_ptr<at::BFloat16>(), gradient.data_ptr<at::BFloat16>(), rows, begin, end, norm,
                                 sum, product);
    });
    at::Tensor factors = at::empty({4, rows.channels}, constants.options());
    float *slope = factors.data_ptr<float>(), *offset = slope + rows.channels;
    float *weight_gradient = offset + rows.channels, *bias_gradient = weight_gradient + rows.channels;
    std::vector<double> total(2 * rows.channels);
    for (size_t i = 0; i < sums.size(); i += total.size())
      for (size_t c = 0; c < total.size(); ++c) total[c] += sums[i + c];
    for (int64_t c = 0; c < rows.channels; ++c) {
      const double sum = total[c], product = total[rows.channels + c], count = double(rows.count);
      bias_gradient[c] = float(sum);
      weight_gradient[c] = float(product * inverse[c]);
      slope[c] = float(-norm.scale[c] * inverse[c] * inverse[c] * product / count);
      offset[c] = float(-norm.scale[c] * sum / count);
    }
    at::Tensor input_gradient;
    if (saved[0].requires_grad()) {
      input_gradient = at::empty_like(map, map.options(), at::MemoryFormat::ChannelsLast);
      for_chunks(rows, [&](int64_t, int64_t begin, int64_t end) {
        if (map.scalar_type() == at::kFloat)
          map_gradient_of_floats(map.data_ptr<float>(), gradient.data_ptr<float>(), rows, begin, end, norm, slope,
                                 offset, input_gradient.data_ptr<float>());
        else
          map_gradient_of_bfloats(map.data_ptr<at::BFloat16>(), gradient.data_ptr<at::BFloat16>(), rows, begin, end,
                                  norm, slope, offset, input_gradient.data_ptr<at::BFloat16>());
      });
    }
    counted.moves({map, gradient, input_gradient});
    torch::autograd::variable_list result(9);
    result[0] = input_gradient;
    result[1] = factors[2];
    result[2] = factors[3];
    return result;
  }
};

void check(const at::Tensor &input, const at::TensorList &vectors) {
  TORCH_CHECK(input.is_cpu() && input.dim() == 4, "this batch normalisation takes maps [N, C, H, W] on the CPU");
  TORCH_CHECK(input.scalar_type() == at::kFloat || input.scalar_type() == at::kBFloat16,
              "maps are float32 or bfloat16, got ", input.scalar_type());
  TORCH_CHECK(input.size(0) * input.size(2) * input.size(3) > 1,
              "batch statistics want more than one value a channel, got a map ", input.sizes());
  for (const auto &vector : vectors)
    TORCH_CHECK(vector.scalar_type() == at::kFloat && vector.dim() == 1 && vector.numel() == input.size(1) &&
                    vector.is_contiguous(),
                "weights and statistics are float32 [", input.size(1), "], got ", vector.scalar_type(), " ", vector.sizes());
}

}  // namespace

char *ct_clamped_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                            ct_tensor running_variance, double momentum, double epsilon, double low, double high,
                            ct_tensor *result) {
  return shim::guarded([&] {
    check(input->value, {weight->value, bias->value, running_mean->value, running_variance->value});
    *result = shim::handle(ClampedBatchNorm::apply(input->value, weight->value, bias->value, running_mean->value,
                                                   running_variance->value, momentum, epsilon, low, high));
  });
}
