// Bilinear resizing of channels-last maps on the CPU, with its gradient.
//
// libtorch scatters the gradient element by element, which takes sixty times as long as memory would allow. Here a row of the
// result is two rows of the map mixed, then mixed along its columns; the gradient of a row of the map is the sum of the
// result's rows that read it, gathered along columns. Every row belongs to one thread, so sums do not depend on their number.
#include "shim.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

using lanes::Floats;

/// The two elements that an element of the result lies between, and how far behind the first.
struct Place {
  int64_t low, high;
  float share;
};

/// The places of `output` elements among `input`: corners on corners, or pixel centres at halves.
std::vector<Place> places(int64_t input, int64_t output, bool align_corners) {
  std::vector<Place> result(output);
  for (int64_t i = 0; i < output; ++i) {
    const double place =
        align_corners ? (output > 1 ? double(i) * double(input - 1) / double(output - 1) : 0)
                      : std::max(0.0, (double(i) + 0.5) * double(input) / double(output) - 0.5);
    const int64_t low = std::min(int64_t(place), input - 1);
    result[i] = {low, std::min(low + 1, input - 1), float(std::min(std::max(place - double(low), 0.0), 1.0))};
  }
  return result;
}

/// From [N, C, height, width] to [N, C, rows.size(), columns.size()].
struct Resizing {
  int64_t images, channels, height, width;
  std::vector<Place> rows, columns;
  /// For each row of the map the first row of the result that reads it; those that do follow one another.
  std::vector<int64_t> first_readers;

  Resizing(at::IntArrayRef sizes, int64_t result_height, int64_t result_width, bool align_corners)
      : images(sizes[0]), channels(sizes[1]), height(sizes[2]), width(sizes[3]),
        rows(places(height, result_height, align_corners)), columns(places(width, result_width, align_corners)) {
    int64_t reader = 0;
    for (int64_t row = 0; row < height; ++row) {
      while (reader < result_height && rows[reader].high < row) ++reader;
      first_readers.push_back(reader);
    }
  }

  /// Numbers in a row of the map, and of the result.
  int64_t row() const { return width * channels; }
  int64_t result_row() const { return int64_t(columns.size()) * channels; }
  /// Rows of the map whose gradient is worth a thread.
  int64_t row_grain() const { return shim::worthwhile * height / (int64_t(rows.size()) * result_row()); }
  /// Room for a row whose last pixel is written in whole vectors.
  static std::vector<float> buffer(int64_t row) { return std::vector<float>(row + lanes::width); }
};

/// sum += weight · row.
template <typename T>
INLINED void add_row(const T *row, float weight, int64_t count, float *sum) {
  lanes::for_channels(count, [&](int64_t i, int64_t left) ALWAYS_INLINED {
    lanes::store(sum + i, lanes::load(sum + i, left) + lanes::load(row + i, left) * weight, left);
  });
}

template <typename T>
INLINED void copy_row(const float *row, int64_t count, T *to) {
  lanes::for_channels(count, [&](int64_t i, int64_t left) ALWAYS_INLINED {
    lanes::store(to + i, lanes::load(row + i, left), left);
  });
}

/// A row of the result, of the mixed rows of the map. What a vector writes beyond its pixel the next pixel overwrites.
INLINED void mix_columns(const float *row, const Resizing &resizing, float *result) {
  const int64_t channels = resizing.channels;
  for (size_t x = 0; x < resizing.columns.size(); ++x) {
    const Place &place = resizing.columns[x];
    const float *low = row + place.low * channels, *high = row + place.high * channels;
    for (int64_t c = 0; c < channels; c += lanes::width)
      lanes::store(result + c, lanes::load(low + c) * (1 - place.share) + lanes::load(high + c) * place.share);
    result += channels;
  }
}

/// Adds what each pixel of a row of the result's gradient gives the two pixels that it lies between.
INLINED void gather_columns(const float *gradient, const Resizing &resizing, float *row) {
  const int64_t channels = resizing.channels;
  for (size_t x = 0; x < resizing.columns.size(); ++x) {
    const Place &place = resizing.columns[x];
    float *low = row + place.low * channels, *high = row + place.high * channels;
    for (int64_t c = 0; c < channels; c += lanes::width) {
      const Floats value = lanes::first(lanes::load(gradient + c), channels - c);
      lanes::store(low + c, lanes::load(low + c) + value * (1 - place.share));
      lanes::store(high + c, lanes::load(high + c) + value * place.share);
    }
    gradient += channels;
  }
}

/// Rows `begin` ..< `end` of all images' results.
template <typename T>
INLINED void resize(const T *map, const Resizing &resizing, int64_t begin, int64_t end, float *mixed, float *wide,
                    T *result) {
  const int64_t height = resizing.rows.size(), row = resizing.row(), result_row = resizing.result_row();
  for (int64_t r = begin; r < end; ++r) {
    const Place &place = resizing.rows[r % height];
    const T *image = map + r / height * resizing.height * row;
    std::fill(mixed, mixed + row, 0.f);
    add_row(image + place.low * row, 1 - place.share, row, mixed);
    add_row(image + place.high * row, place.share, row, mixed);
    mix_columns(mixed, resizing, wide);
    copy_row(wide, result_row, result + r * result_row);
  }
}

/// The gradient of rows `begin` ..< `end` of all images' maps.
template <typename T>
INLINED void resize_gradient(const T *gradient, const Resizing &resizing, int64_t begin, int64_t end, float *wide,
                             float *narrow, T *result) {
  const int64_t height = resizing.rows.size(), row = resizing.row(), result_row = resizing.result_row();
  for (int64_t r = begin; r < end; ++r) {
    const int64_t own = r % resizing.height;
    const T *image = gradient + r / resizing.height * height * result_row;
    std::fill(wide, wide + result_row, 0.f);
    for (int64_t y = resizing.first_readers[own]; y < height && resizing.rows[y].low <= own; ++y) {
      const Place &place = resizing.rows[y];
      const float weight = (place.low == own ? 1 - place.share : 0) + (place.high == own ? place.share : 0);
      add_row(image + y * result_row, weight, result_row, wide);
    }
    std::fill(narrow, narrow + row + lanes::width, 0.f);
    gather_columns(wide, resizing, narrow);
    copy_row(narrow, row, result + r * row);
  }
}

#define VERSIONS(name, T)                                                                                            \
  MULTIVERSIONED void resize_##name(const T *map, const Resizing &resizing, int64_t begin, int64_t end,              \
                                    float *mixed, float *wide, T *result) {                                          \
    resize(map, resizing, begin, end, mixed, wide, result);                                                          \
  }                                                                                                                  \
  MULTIVERSIONED void resize_gradient_##name(const T *gradient, const Resizing &resizing, int64_t begin,             \
                                             int64_t end, float *wide, float *narrow, T *result) {                   \
    resize_gradient(gradient, resizing, begin, end, wide, narrow, result);                                           \
  }
VERSIONS(floats, float)
VERSIONS(bfloats, c10::BFloat16)
#undef VERSIONS

struct Bilinear : torch::autograd::Function<Bilinear> {
  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &input, int64_t height,
                            int64_t width, bool align_corners) {
    shim::CountedKernel counted("bilinear");
    const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
    const Resizing resizing(map.sizes(), height, width, align_corners);
    at::Tensor result = at::empty({map.size(0), map.size(1), height, width}, map.options(), at::MemoryFormat::ChannelsLast);
    shim::parallel_for(0, resizing.images * height, shim::worthwhile / resizing.result_row(), [&](int64_t begin, int64_t end) {
      auto mixed = Resizing::buffer(resizing.row()), wide = Resizing::buffer(resizing.result_row());
      if (map.scalar_type() == at::kFloat)
        resize_floats(map.data_ptr<float>(), resizing, begin, end, mixed.data(), wide.data(), result.data_ptr<float>());
      else
        resize_bfloats(map.data_ptr<at::BFloat16>(), resizing, begin, end, mixed.data(), wide.data(),
                       result.data_ptr<at::BFloat16>());
    });
    counted.moves({map, result});
    context->saved_data["sizes"] = map.sizes().vec();
    context->saved_data["align_corners"] = align_corners;
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    shim::CountedKernel counted("bilinear_backward");
    const at::Tensor gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const std::vector<int64_t> sizes = context->saved_data["sizes"].toIntVector();
    const Resizing resizing(sizes, gradient.size(2), gradient.size(3), context->saved_data["align_corners"].toBool());
    at::Tensor result = at::empty(sizes, gradient.options(), at::MemoryFormat::ChannelsLast);
    shim::parallel_for(0, resizing.images * resizing.height, resizing.row_grain(), [&](int64_t begin, int64_t end) {
      auto wide = Resizing::buffer(resizing.result_row()), narrow = Resizing::buffer(resizing.row());
      if (gradient.scalar_type() == at::kFloat)
        resize_gradient_floats(gradient.data_ptr<float>(), resizing, begin, end, wide.data(), narrow.data(),
                               result.data_ptr<float>());
      else
        resize_gradient_bfloats(gradient.data_ptr<at::BFloat16>(), resizing, begin, end, wide.data(), narrow.data(),
                                result.data_ptr<at::BFloat16>());
    });
    counted.moves({gradient, result});
    return {result, at::Tensor(), at::Tensor(), at::Tensor()};
  }
};

}  // namespace

char *ct_bilinear(ct_tensor input, int64_t height, int64_t width, bool align_corners, ct_tensor *result) {
  return shim::guarded([&] {
    const at::Tensor &map = input->value;
    TORCH_CHECK(map.is_cpu() && map.dim() == 4 && map.numel() > 0, "bilinear resizing takes maps [N, C, H, W] on the CPU");
    TORCH_CHECK(map.scalar_type() == at::kFloat || map.scalar_type() == at::kBFloat16,
                "maps are float32 or bfloat16, got ", map.scalar_type());
    TORCH_CHECK(height > 0 && width > 0, "sides are 1 or more, got ", height, " x ", width);
    *result = shim::handle(Bilinear::apply(map, height, width, align_corners));
  });
}
