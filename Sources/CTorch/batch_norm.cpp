// Batch normalisation by the batch's own statistics with the clamping behind it (ReLU, ReLU6), in one operation on channels-last
// maps: two passes over memory forward and two backward. Statistics and sums are float32 also for bfloat16 maps, and
// do not depend on the number of threads.
#include "shim.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <vector>

#include "norm_rows.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

using norm::Norm;
using norm::Rows;

/// A map as rows of several pixels each, so that channels of any number fill whole vectors, and the pixels that are left.
///
/// Sixteen lanes and more than one sum for each: 24 channels are taken four pixels at a time.
struct Folded {
  Rows pixels, rows;
  /// Pixels a row.
  int64_t fold = 1;

  explicit Folded(const at::Tensor &map) : pixels{map.size(0) * map.size(2) * map.size(3), map.size(1)} {
    while (fold * pixels.channels % lanes::width != 0 || fold * pixels.channels < 4 * lanes::width) fold *= 2;
    rows = {pixels.count / fold, pixels.channels * fold};
  }
  /// The first pixel that is in no row.
  int64_t rest() const { return rows.count * fold; }
  /// Repeats the first numbers, one for each channel, for all pixels of a row.
  void repeat(float *numbers) const {
    for (int64_t i = pixels.channels; i < rows.channels; ++i) numbers[i] = numbers[i - pixels.channels];
  }
};

// MARK: for each processor

#define VERSIONS(name, T)                                                                                            \
  MULTIVERSIONED void statistics_of_##name(const T *x, Rows rows, int64_t begin, int64_t end, float *means,          \
                                           float *squares) {                                                         \
    norm::statistics(x, rows, begin, end, means, squares);                                                           \
  }                                                                                                                  \
  MULTIVERSIONED void normalize_##name(const T *x, Rows rows, int64_t begin, int64_t end, const Norm &norm, T *y) {  \
    norm::normalize(x, rows, begin, end, norm, y);                                                                   \
  }                                                                                                                  \
  MULTIVERSIONED void gradient_sums_of_##name(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end,  \
                                              const Norm &norm, float *sums, float *products) {                      \
    norm::gradient_sums(x, gradient, rows, begin, end, norm, sums, products);                                        \
  }                                                                                                                  \
  MULTIVERSIONED void map_gradient_of_##name(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end,   \
                                             const Norm &norm, const float *slope, const float *offset, T *result) { \
    norm::map_gradient(x, gradient, rows, begin, end, norm, slope, offset, result);                                  \
  }
VERSIONS(floats, float)
VERSIONS(bfloats, c10::BFloat16)
#undef VERSIONS

// MARK: over chunks

/// The rows a chunk has, such that it stays in the second cache; depends on the map alone.
int64_t chunk_rows(Rows rows) { return std::max<int64_t>(16, 16384 / rows.channels); }

int64_t chunk_count(Rows rows) { return (rows.count + chunk_rows(rows) - 1) / chunk_rows(rows); }

/// Calls `body(chunk, rows, begin, end)` for all chunks of rows, on all threads, and for the pixels that are left.
template <typename Body>
void for_chunks(const Folded &map, Body body) {
  const int64_t size = chunk_rows(map.rows), chunks = chunk_count(map.rows);
  shim::parallel_for(0, chunks, shim::worthwhile / (size * map.rows.channels), [&](int64_t first, int64_t last) {
    for (int64_t chunk = first; chunk < last; ++chunk)
      body(chunk, map.rows, chunk * size, std::min(map.rows.count, (chunk + 1) * size));
  });
  if (map.rest() < map.pixels.count) body(chunks, map.pixels, map.rest(), map.pixels.count);
}

/// Two numbers for each channel of every chunk, [chunks, 2, rows.channels], and for the pixels that are left.
std::vector<float> chunk_sums(const Folded &map) {
  return std::vector<float>((chunk_count(map.rows) + 1) * 2 * map.rows.channels);
}

/// Calls `body(count, first, second)` with what was summed over so many pixels, [C] each, in the same order always.
template <typename Body>
void for_sums(const std::vector<float> &sums, const Folded &map, Body body) {
  const int64_t size = chunk_rows(map.rows), channels = map.rows.channels, chunks = chunk_count(map.rows);
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    const float *first = sums.data() + chunk * 2 * channels;
    for (int64_t pixel = 0; pixel < map.fold; ++pixel, first += map.pixels.channels)
      body(std::min(size, map.rows.count - chunk * size), first, first + channels);
  }
  const float *first = sums.data() + chunks * 2 * channels;
  if (map.rest() < map.pixels.count) body(map.pixels.count - map.rest(), first, first + channels);
}

/// The mean and the variance (over N) of every channel, [C] each.
std::pair<std::vector<double>, std::vector<double>> moments(const at::Tensor &map, const Folded &folded) {
  auto sums = chunk_sums(folded);
  for_chunks(folded, [&](int64_t chunk, Rows rows, int64_t begin, int64_t end) {
    float *means = sums.data() + chunk * 2 * folded.rows.channels, *squares = means + folded.rows.channels;
    if (map.scalar_type() == at::kFloat)
      statistics_of_floats(map.data_ptr<float>(), rows, begin, end, means, squares);
    else
      statistics_of_bfloats(map.data_ptr<at::BFloat16>(), rows, begin, end, means, squares);
  });
  const int64_t channels = folded.pixels.channels;
  std::vector<double> mean(channels), variance(channels);
  const double all = double(folded.pixels.count);
  // Chan, Golub, LeVeque: squares about the part's mean, and the part's mean about that of all.
  for_sums(sums, folded, [&](int64_t count, const float *means, const float *) {
    for (int64_t c = 0; c < channels; ++c) mean[c] += double(count) / all * means[c];
  });
  for_sums(sums, folded, [&](int64_t count, const float *means, const float *squares) {
    for (int64_t c = 0; c < channels; ++c)
      variance[c] += (squares[c] + double(count) * (means[c] - mean[c]) * (means[c] - mean[c])) / all;
  });
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
    const Folded folded(map);
    const int64_t channels = folded.pixels.channels;
    const auto [mean, variance] = moments(map, folded);
    // Scale, shift, mean and 1 / deviation, a row each.
    at::Tensor constants = at::empty({4, folded.rows.channels}, weight.options().dtype(at::kFloat));
    float *scale = constants.data_ptr<float>(), *shift = scale + folded.rows.channels;
    float *centre = shift + folded.rows.channels, *inverse = centre + folded.rows.channels;
    const at::Tensor w = weight.contiguous(), b = bias.contiguous();
    for (int64_t c = 0; c < channels; ++c) {
      const double deviation = std::sqrt(variance[c] + epsilon);
      centre[c] = float(mean[c]);
      inverse[c] = float(1 / deviation);
      scale[c] = float(w.data_ptr<float>()[c] / deviation);
      shift[c] = float(b.data_ptr<float>()[c] - mean[c] * w.data_ptr<float>()[c] / deviation);
    }
    for (float *numbers : {scale, shift, centre}) folded.repeat(numbers);
    if (momentum > 0) {
      float *means = running_mean.data_ptr<float>(), *variances = running_variance.data_ptr<float>();
      const double unbiased = double(folded.pixels.count) / double(folded.pixels.count - 1);
      for (int64_t c = 0; c < channels; ++c) {
        means[c] = float((1 - momentum) * means[c] + momentum * mean[c]);
        variances[c] = float((1 - momentum) * variances[c] + momentum * variance[c] * unbiased);
      }
    }
    const Norm norm = norm_of(constants, low, high);
    at::Tensor result = at::empty_like(map, map.options(), at::MemoryFormat::ChannelsLast);
    for_chunks(folded, [&](int64_t, Rows rows, int64_t begin, int64_t end) {
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
    const Folded folded(map);
    const int64_t channels = folded.pixels.channels;
    const Norm norm =
        norm_of(constants, context->saved_data["low"].toDouble(), context->saved_data["high"].toDouble());
    const float *inverse = norm.mean + folded.rows.channels;

    auto sums = chunk_sums(folded);
    for_chunks(folded, [&](int64_t chunk, Rows rows, int64_t begin, int64_t end) {
      float *sum = sums.data() + chunk * 2 * folded.rows.channels, *product = sum + folded.rows.channels;
      if (map.scalar_type() == at::kFloat)
        gradient_sums_of_floats(map.data_ptr<float>(), gradient.data_ptr<float>(), rows, begin, end, norm, sum, product);
      else
        gradient_sums_of_bfloats(map.data_ptr<at::BFloat16>(), gradient.data_ptr<at::BFloat16>(), rows, begin, end, norm,
                                 sum, product);
    });
    std::vector<double> total(channels), products(channels);
    for_sums(sums, folded, [&](int64_t, const float *sum, const float *product) {
      for (int64_t c = 0; c < channels; ++c) total[c] += sum[c], products[c] += product[c];
    });
    at::Tensor weight_gradient = at::empty({channels}, constants.options()), bias_gradient = at::empty_like(weight_gradient);
    std::vector<float> slope(folded.rows.channels), offset(folded.rows.channels);
    for (int64_t c = 0; c < channels; ++c) {
      const double count = double(folded.pixels.count);
      bias_gradient.data_ptr<float>()[c] = float(total[c]);
      weight_gradient.data_ptr<float>()[c] = float(products[c] * inverse[c]);
      slope[c] = float(-norm.scale[c] * inverse[c] * inverse[c] * products[c] / count);
      offset[c] = float(-norm.scale[c] * total[c] / count);
    }
    folded.repeat(slope.data());
    folded.repeat(offset.data());
    at::Tensor input_gradient;
    if (saved[0].requires_grad()) {
      input_gradient = at::empty_like(map, map.options(), at::MemoryFormat::ChannelsLast);
      for_chunks(folded, [&](int64_t, Rows rows, int64_t begin, int64_t end) {
        if (map.scalar_type() == at::kFloat)
          map_gradient_of_floats(map.data_ptr<float>(), gradient.data_ptr<float>(), rows, begin, end, norm,
                                 slope.data(), offset.data(), input_gradient.data_ptr<float>());
        else
          map_gradient_of_bfloats(map.data_ptr<at::BFloat16>(), gradient.data_ptr<at::BFloat16>(), rows, begin, end,
                                  norm, slope.data(), offset.data(), input_gradient.data_ptr<at::BFloat16>());
      });
    }
    counted.moves({map, gradient, input_gradient});
    torch::autograd::variable_list result(9);
    result[0] = input_gradient;
    result[1] = weight_gradient;
    result[2] = bias_gradient;
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
