// RoIAlign over all levels of a pyramid in one call, with its gradient (He et al., Mask R-CNN, section 3; sampling and
// border rules as torchvision's operator, whose results it equals to the bit in float32).
#include "shim.hpp"

#include <ATen/Dispatch.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

/// A bilinear sample: four pixels of a map (y * width + x) and their weights; all weights 0 outside the map.
template <typename T>
struct Sample {
  int32_t pixel[4];
  T weight[4];
};

/// What maps of a type are computed with: bfloat16 in float32.
template <typename T>
struct Arithmetic {
  using Type = T;
};
template <>
struct Arithmetic<c10::BFloat16> {
  using Type = float;
};

/// One level as plain memory of `Element`s, row-major or channels-last.
template <typename Element>
struct Level {
  using T = typename Arithmetic<Element>::Type;
  Element *data;
  int64_t channels, height, width;
  bool channels_last;
  T scale;

  Element *image(int64_t index) const { return data + index * channels * height * width; }
};

template <typename T>
Sample<T> sample(T y, T x, int64_t height, int64_t width) {
  Sample<T> result{};
  if (y < T(-1) || y > T(height) || x < T(-1) || x > T(width)) return result;
  y = y <= 0 ? T(0) : y;
  x = x <= 0 ? T(0) : x;
  auto y0 = static_cast<int32_t>(y), x0 = static_cast<int32_t>(x);
  int32_t y1 = y0 + 1, x1 = x0 + 1;
  if (y0 >= height - 1) y0 = y1 = static_cast<int32_t>(height) - 1, y = T(y0);
  if (x0 >= width - 1) x0 = x1 = static_cast<int32_t>(width) - 1, x = T(x0);
  const T ly = y - y0, lx = x - x0, hy = T(1) - ly, hx = T(1) - lx;
  const auto w = static_cast<int32_t>(width);
  return {{y0 * w + x0, y0 * w + x1, y1 * w + x0, y1 * w + x1}, {hy * hx, hy * lx, ly * hx, ly * lx}};
}

/// The samples of one region, bin by bin; `per_bin` of them in each.
template <typename Element, typename T>
int64_t region_samples(const T *region, const Level<Element> &level, const ct_roi_align_options &o,
                       std::vector<Sample<T>> &samples) {
  const T offset = o.aligned ? T(0.5) : T(0);
  const T x0 = region[1] * level.scale - offset, y0 = region[2] * level.scale - offset;
  T width = region[3] * level.scale - offset - x0, height = region[4] * level.scale - offset - y0;
  if (!o.aligned) width = std::max(width, T(1)), height = std::max(height, T(1));
  const T bin_height = height / T(o.output_height), bin_width = width / T(o.output_width);
  // A region turned round has no pixels, also where both of its sides are.
  const auto adaptive = [](T bin) { return std::max(static_cast<int32_t>(std::ceil(bin)), 0); };
  const int32_t rows = o.sampling_ratio > 0 ? o.sampling_ratio : adaptive(bin_height);
  const int32_t columns = o.sampling_ratio > 0 ? o.sampling_ratio : adaptive(bin_width);
  samples.clear();
  for (int32_t by = 0; by < o.output_height; ++by)
    for (int32_t bx = 0; bx < o.output_width; ++bx)
      for (int32_t iy = 0; iy < rows; ++iy) {
        const T y = y0 + by * bin_height + (iy + T(0.5)) * bin_height / T(rows);
        for (int32_t ix = 0; ix < columns; ++ix) {
          const T x = x0 + bx * bin_width + (ix + T(0.5)) * bin_width / T(columns);
          samples.push_back(sample(y, x, level.height, level.width));
        }
      }
  return int64_t(rows) * columns;
}

/// Each bin's sum of samples of a channels-last map into `sums` [bins, channels]: channels run innermost.
///
/// Products are rounded before they are added on every processor, as torchvision's are.
INLINED void sum_bins(const double *image, int64_t channels, int64_t bins, int64_t per_bin,
                      const Sample<double> *samples, double *sums) {
#pragma clang fp contract(off)
  std::fill(sums, sums + bins * channels, 0.0);
  for (int64_t i = 0; i < bins * per_bin; ++i) {
    const Sample<double> &s = samples[i];
    double *row = sums + i / per_bin * channels;
    const double *p0 = image + s.pixel[0] * channels, *p1 = image + s.pixel[1] * channels;
    const double *p2 = image + s.pixel[2] * channels, *p3 = image + s.pixel[3] * channels;
    for (int64_t c = 0; c < channels; ++c)
      row[c] += s.weight[0] * p0[c] + s.weight[1] * p1[c] + s.weight[2] * p2[c] + s.weight[3] * p3[c];
  }
}

template <typename Element>
INLINED void sum_bins(const Element *image, int64_t channels, int64_t bins, int64_t per_bin,
                      const Sample<float> *samples, float *sums) {
#pragma clang fp contract(off)
  for (int64_t bin = 0; bin < bins; ++bin)
    lanes::for_wide_channels<4>(channels, [&](auto blocks, int64_t first, int64_t left) ALWAYS_INLINED {
      lanes::Floats sum[blocks.value] = {};
      for (int64_t i = 0; i < per_bin; ++i) {
        const Sample<float> &s = samples[bin * per_bin + i];
        const Element *p0 = image + s.pixel[0] * channels + first, *p1 = image + s.pixel[1] * channels + first;
        const Element *p2 = image + s.pixel[2] * channels + first, *p3 = image + s.pixel[3] * channels + first;
        for (int b = 0; b < blocks; ++b) {
          const int64_t c = b * lanes::width;
          sum[b] += s.weight[0] * lanes::load(p0 + c, left) + s.weight[1] * lanes::load(p1 + c, left) +
                    s.weight[2] * lanes::load(p2 + c, left) + s.weight[3] * lanes::load(p3 + c, left);
        }
      }
      for (int b = 0; b < blocks; ++b) lanes::store(sums + bin * channels + first + b * lanes::width, sum[b], left);
    });
}

/// Adds gradients [bins, part] of channels `first` ..< `first + part` to a channels-last map.
template <typename T>
INLINED void add_bins(const T *gradients, int64_t part, int64_t bins, int64_t per_bin, const Sample<T> *samples,
                      T number, int64_t channels, int64_t first, T *image) {
#pragma clang fp contract(off)
  for (int64_t i = 0; i < bins * per_bin; ++i) {
    const Sample<T> &s = samples[i];
    const T *g = gradients + i / per_bin * part;
    for (int corner = 0; corner < 4; ++corner) {
      const T weight = s.weight[corner];
      if (weight == 0) continue;
      T *out = image + s.pixel[corner] * channels + first;
      for (int64_t c = 0; c < part; ++c) out[c] += g[c] * weight / number;
    }
  }
}

// MARK: for each processor

#define VERSIONS(Element, T)                                                                                        \
  MULTIVERSIONED void sum_bins_of(const Element *image, int64_t channels, int64_t bins, int64_t per_bin,             \
                                  const Sample<T> *samples, T *sums) {                                              \
    sum_bins(image, channels, bins, per_bin, samples, sums);                                                        \
  }
VERSIONS(double, double)
VERSIONS(float, float)
VERSIONS(c10::BFloat16, float)
#undef VERSIONS

MULTIVERSIONED void add_bins_of(const float *gradients, int64_t part, int64_t bins, int64_t per_bin,
                                const Sample<float> *samples, float number, int64_t channels, int64_t first,
                                float *image) {
  add_bins(gradients, part, bins, per_bin, samples, number, channels, first, image);
}
MULTIVERSIONED void add_bins_of(const double *gradients, int64_t part, int64_t bins, int64_t per_bin,
                                const Sample<double> *samples, double number, int64_t channels, int64_t first,
                                double *image) {
  add_bins(gradients, part, bins, per_bin, samples, number, channels, first, image);
}

/// One region of a channels-last map into `result` [C, bins].
template <typename Element, typename T>
void pool_channels_last(const Element *image, int64_t channels, int64_t bins, int64_t per_bin, const Sample<T> *samples,
                        T *scratch, Element *result) {
  const T count = T(std::max<int64_t>(per_bin, 1));
  sum_bins_of(image, channels, bins, per_bin, samples, scratch);
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t bin = 0; bin < bins; ++bin) result[c * bins + bin] = scratch[bin * channels + c] / count;
}

template <typename Element, typename T>
void pool_row_major(const Element *image, int64_t channels, int64_t area, int64_t bins, int64_t per_bin,
                    const Sample<T> *samples, Element *result) {
  const T count = T(std::max<int64_t>(per_bin, 1));
  for (int64_t c = 0; c < channels; ++c) {
    const Element *map = image + c * area;
    for (int64_t bin = 0; bin < bins; ++bin) {
      T sum = 0;
      for (int64_t i = 0; i < per_bin; ++i) {
        const Sample<T> &s = samples[bin * per_bin + i];
        sum += s.weight[0] * T(map[s.pixel[0]]) + s.weight[1] * T(map[s.pixel[1]]) +
               s.weight[2] * T(map[s.pixel[2]]) + s.weight[3] * T(map[s.pixel[3]]);
      }
      result[c * bins + bin] = sum / count;
    }
  }
}

template <typename Element>
std::vector<Level<Element>> levels_of(const std::vector<at::Tensor> &maps, const std::vector<double> &scales) {
  std::vector<Level<Element>> result;
  for (size_t i = 0; i < maps.size(); ++i) {
    const at::Tensor &map = maps[i];
    // A map may satisfy both layouts (one channel, one pixel); row-major then serves as well.
    result.push_back({map.data_ptr<Element>(), map.size(1), map.size(2), map.size(3), !map.is_contiguous(),
                      static_cast<typename Level<Element>::T>(scales[i])});
  }
  return result;
}

template <typename Element, typename T>
void forward(const std::vector<Level<Element>> &levels, const T *regions, const int64_t *level_of, int64_t count,
             const ct_roi_align_options &o, Element *result) {
  const int64_t bins = int64_t(o.output_height) * o.output_width, channels = levels[0].channels;
  shim::parallel_for(0, count, shim::worthwhile / (bins * channels), [&](int64_t begin, int64_t end) {
    std::vector<Sample<T>> samples;
    std::vector<T> scratch(bins * channels);
    for (int64_t r = begin; r < end; ++r) {
      const Level<Element> &level = levels[level_of[r]];
      const T *region = regions + 5 * r;
      const int64_t per_bin = region_samples(region, level, o, samples);
      const Element *image = level.image(static_cast<int64_t>(region[0]));
      Element *out = result + r * channels * bins;
      if (level.channels_last)
        pool_channels_last(image, channels, bins, per_bin, samples.data(), scratch.data(), out);
      else
        pool_row_major(image, channels, level.height * level.width, bins, per_bin, samples.data(), out);
    }
  });
}

/// Every thread takes a range of channels and goes through all regions in order: no two threads write one element, and
/// the sum's order does not depend on the number of threads. The levels are sums, not of 16 bits.
template <typename Element, typename T>
void backward(const std::vector<Level<T>> &levels, const T *regions, const int64_t *level_of, int64_t count,
              const ct_roi_align_options &o, const Element *gradient) {
  const int64_t bins = int64_t(o.output_height) * o.output_width, channels = levels[0].channels;
  const int64_t grain = std::max<int64_t>(1, std::min<int64_t>(channels, 16));
  shim::parallel_for(0, channels, grain, [&](int64_t first, int64_t last) {
    std::vector<Sample<T>> samples;
    const int64_t part = last - first;
    std::vector<T> scratch(bins * part);
    for (int64_t r = 0; r < count; ++r) {
      const Level<T> &level = levels[level_of[r]];
      const T *region = regions + 5 * r;
      const int64_t per_bin = region_samples(region, level, o, samples);
      const T number = T(std::max<int64_t>(per_bin, 1));
      const Element *incoming = gradient + (r * channels + first) * bins;
      T *image = level.image(static_cast<int64_t>(region[0]));
      if (level.channels_last) {
        for (int64_t c = 0; c < part; ++c)
          for (int64_t bin = 0; bin < bins; ++bin) scratch[bin * part + c] = T(incoming[c * bins + bin]);
        add_bins_of(scratch.data(), part, bins, per_bin, samples.data(), number, channels, first, image);
      } else {
        const int64_t area = level.height * level.width;
        for (int64_t c = 0; c < part; ++c) {
          T *map = image + (first + c) * area;
          for (int64_t bin = 0; bin < bins; ++bin) {
            const T g = T(incoming[c * bins + bin]);
            for (int64_t i = 0; i < per_bin; ++i) {
              const Sample<T> &s = samples[bin * per_bin + i];
              for (int corner = 0; corner < 4; ++corner) map[s.pixel[corner]] += g * s.weight[corner] / number;
            }
          }
        }
      }
    }
  });
}

at::Tensor laid_out(const at::Tensor &map) {
  if (map.is_contiguous() || map.is_contiguous(at::MemoryFormat::ChannelsLast)) return map;
  return map.contiguous();
}

// The maps are a TensorList: libtorch looks for gradients in that list type only.
struct RoIAlign : torch::autograd::Function<RoIAlign> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, at::TensorList features,
                            const at::Tensor &regions, const at::Tensor &levels, const std::vector<double> &scales,
                            int64_t height, int64_t width, int64_t sampling_ratio, bool aligned) {
    shim::CountedKernel counted("roi_align");
    const ct_roi_align_options options{int32_t(height), int32_t(width), int32_t(sampling_ratio), aligned};
    std::vector<at::Tensor> maps;
    for (const auto &feature : features) maps.push_back(laid_out(feature));
    at::Tensor r = regions.contiguous(), l = levels.contiguous();
    at::Tensor result = at::empty({r.size(0), maps[0].size(1), height, width}, maps[0].options(), at::MemoryFormat::Contiguous);
    AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, result.scalar_type(), "roi_align", [&] {
      using T = typename Arithmetic<scalar_t>::Type;
      ::forward<scalar_t, T>(levels_of<scalar_t>(maps, scales), r.data_ptr<T>(), l.data_ptr<int64_t>(), r.size(0),
                             options, result.data_ptr<scalar_t>());
    });
    // Few regions read less than the maps: four pixels a sample.
    int64_t map_bytes = 0;
    for (const auto &map : maps) map_bytes += shim::bytes_of(map);
    const int64_t sample_bytes = 4 * sampling_ratio * sampling_ratio * shim::bytes_of(result);
    counted.moves({r, l, result});
    counted.moves(sampling_ratio > 0 ? std::min(map_bytes, sample_bytes) : map_bytes);
    context->save_for_backward({r, l});
    std::vector<int64_t> flat;
    for (const auto &map : maps) {
      flat.insert(flat.end(), map.sizes().begin(), map.sizes().end());
      flat.push_back(!map.is_contiguous());
    }
    context->saved_data["maps"] = flat;
    context->saved_data["scales"] = scales;
    context->saved_data["options"] = std::vector<int64_t>{height, width, sampling_ratio, int64_t(aligned)};
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    shim::CountedKernel counted("roi_align_backward");
    auto saved = context->get_saved_variables();
    const at::Tensor regions = saved[0], levels = saved[1], gradient = gradients[0].contiguous();
    const auto flat = context->saved_data["maps"].toIntVector();
    const auto scales = context->saved_data["scales"].toDoubleVector();
    const auto o = context->saved_data["options"].toIntVector();
    const ct_roi_align_options options{int32_t(o[0]), int32_t(o[1]), int32_t(o[2]), o[3] != 0};
    std::vector<at::Tensor> maps;
    for (size_t i = 0; i < flat.size(); i += 5) {
      auto format = flat[i + 4] ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
      maps.push_back(at::empty({flat[i], flat[i + 1], flat[i + 2], flat[i + 3]}, regions.options(), format).zero_());
    }
    AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, gradient.scalar_type(), "roi_align_backward", [&] {
      using T = typename Arithmetic<scalar_t>::Type;
      ::backward<scalar_t, T>(levels_of<T>(maps, scales), regions.data_ptr<T>(), levels.data_ptr<int64_t>(),
                              regions.size(0), options, gradient.data_ptr<scalar_t>());
    });
    counted.moves({gradient, regions, levels});
    for (auto &map : maps) {
      map = map.to(gradient.scalar_type());
      counted.moves({map});
    }
    torch::autograd::variable_list result(maps.begin(), maps.end());
    result.resize(maps.size() + 7);  // no gradient for the other arguments of forward
    return result;
  }
};

void check(const std::vector<at::Tensor> &features, const at::Tensor &regions, const at::Tensor &levels,
           const ct_roi_align_options &options) {
  TORCH_CHECK(!features.empty(), "RoIAlign needs at least one feature map");
  TORCH_CHECK(options.output_height > 0 && options.output_width > 0, "RoIAlign's output is at least 1x1");
  TORCH_CHECK(regions.dim() == 2 && regions.size(1) == 5, "regions are [R, 5], got ", regions.sizes());
  TORCH_CHECK(levels.scalar_type() == at::kLong && levels.numel() == regions.size(0), "levels are int64 [R]");
  for (const auto &map : features) {
    TORCH_CHECK(map.is_cpu(), "this RoIAlign runs on the CPU");
    TORCH_CHECK(map.dim() == 4 && map.size(0) == features[0].size(0) && map.size(1) == features[0].size(1),
                "feature maps are [N, C, H, W] with one N and C, got ", map.sizes());
    TORCH_CHECK(map.size(2) * map.size(3) < INT32_MAX && map.size(2) > 0 && map.size(3) > 0, "a feature map is too large or empty");
    TORCH_CHECK(regions.scalar_type() == (map.scalar_type() == at::kBFloat16 ? at::kFloat : map.scalar_type()),
                "regions have the type of the feature maps, float32 for bfloat16");
  }
  if (regions.size(0) == 0) return;
  TORCH_CHECK(levels.min().item<int64_t>() >= 0 && levels.max().item<int64_t>() < int64_t(features.size()),
              "a region names a level that is not there");
  auto images = regions.select(1, 0);
  TORCH_CHECK(images.min().item<double>() >= 0 && images.max().item<double>() < features[0].size(0),
              "a region names an image that is not there");
  TORCH_CHECK(at::isfinite(regions).all().item<bool>(), "a region is not finite");
}

}  // namespace

char *ct_roi_align(const ct_tensor *features, int32_t level_count, ct_tensor regions, ct_tensor levels,
                   const double *scales, ct_roi_align_options options, ct_tensor *result) {
  return shim::guarded([&] {
    std::vector<at::Tensor> maps;
    for (int32_t i = 0; i < level_count; ++i) maps.push_back(features[i]->value);
    check(maps, regions->value, levels->value, options);
    // As a TensorList: a vector's tensors would not be seen as inputs, and no gradient would flow.
    *result = shim::handle(RoIAlign::apply(at::TensorList(maps), regions->value.detach(), levels->value,
                                           std::vector<double>(scales, scales + level_count),
                                           int64_t(options.output_height), int64_t(options.output_width),
                                           int64_t(options.sampling_ratio), options.aligned));
  });
}
