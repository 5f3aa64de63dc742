// The cross-entropy of every pixel of channels-last logits on the CPU: one pass over the logits forward and one backward, where
// libtorch's log-softmax and negative log-likelihood take five and keep two more maps. What is kept is one number a pixel.
#include "shim.hpp"

#include <torch/csrc/autograd/custom_function.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

using lanes::Floats;

/// Pixels that are taken together; their logits stay in the first cache.
constexpr int64_t together = 64;

/// Logits [pixels, classes] and the class of each pixel.
template <typename T>
struct Pixels {
  const T *logits;
  const int64_t *targets;
  int64_t classes, ignored;
};

/// Copies the logits of pixels `begin` ..< `end` into floats, behind which there is room for a vector.
template <typename T>
INLINED void widen(const Pixels<T> &pixels, int64_t begin, int64_t end, float *to) {
  const T *from = pixels.logits + begin * pixels.classes;
  lanes::for_channels((end - begin) * pixels.classes, [&](int64_t i, int64_t left) ALWAYS_INLINED {
    lanes::store(to + i, lanes::load(from + i, left), left);
  });
}

/// log Σ exp of one pixel's logits.
INLINED float log_sum(const float *logits, int64_t classes) {
  const float least = -std::numeric_limits<float>::infinity();
  Floats most = lanes::all(least);
  for (int64_t c = 0; c < classes; c += lanes::width)
    most = lanes::larger(lanes::first(lanes::load(logits + c), classes - c, least), most);
  const float maximum = lanes::largest(most);
  Floats sum{};
  for (int64_t c = 0; c < classes; c += lanes::width)
    sum += lanes::first(lanes::exponential(lanes::load(logits + c) - maximum), classes - c);
  return maximum + std::log(lanes::total(sum));
}

template <typename T>
INLINED void losses(const Pixels<T> &pixels, int64_t begin, int64_t end, float *logits, float *result) {
  widen(pixels, begin, end, logits);
  for (int64_t p = begin; p < end; ++p, logits += pixels.classes) {
    const int64_t target = pixels.targets[p];
    result[p] = target == pixels.ignored ? 0 : log_sum(logits, pixels.classes) - logits[target];
  }
}

/// gradient · (softmax − the true class) of each pixel; 0 where it is ignored.
template <typename T>
INLINED void loss_gradient(const Pixels<T> &pixels, const float *losses, const float *gradient, int64_t begin,
                           int64_t end, float *logits, float *wide, T *result) {
  widen(pixels, begin, end, logits);
  const int64_t classes = pixels.classes, count = (end - begin) * classes;
  for (int64_t p = begin; p < end; ++p, logits += classes, wide += classes) {
    const int64_t target = pixels.targets[p];
    if (target == pixels.ignored) {
      std::fill(wide, wide + classes, 0.f);
      continue;
    }
    const float log_sum = losses[p] + logits[target];
    // What a vector writes beyond its pixel the next pixel overwrites.
    for (int64_t c = 0; c < classes; c += lanes::width)
      lanes::store(wide + c, lanes::exponential(lanes::load(logits + c) - log_sum) * gradient[p]);
    wide[target] -= gradient[p];
  }
  wide -= count;
  lanes::for_channels(count, [&](int64_t i, int64_t left) ALWAYS_INLINED {
    lanes::store(result + begin * classes + i, lanes::load(wide + i, left), left);
  });
}

#define VERSIONS(name, T)                                                                                           \
  MULTIVERSIONED void losses_of_##name(const Pixels<T> &pixels, int64_t begin, int64_t end, float *logits,          \
                                       float *result) {                                                             \
    losses(pixels, begin, end, logits, result);                                                                     \
  }                                                                                                                 \
  MULTIVERSIONED void loss_gradient_of_##name(const Pixels<T> &pixels, const float *losses, const float *gradient,  \
                                              int64_t begin, int64_t end, float *logits, float *wide, T *result) {  \
    loss_gradient(pixels, losses, gradient, begin, end, logits, wide, result);                                      \
  }
VERSIONS(floats, float)
VERSIONS(bfloats, c10::BFloat16)
#undef VERSIONS

/// Calls `body(begin, end, first, second)` for all pixels, `together` at a time, with two buffers of a thread's own.
template <typename Body>
void for_pixels(int64_t count, int64_t classes, Body body) {
  const int64_t groups = (count + together - 1) / together;
  shim::parallel_for(0, groups, shim::worthwhile / (together * classes), [&](int64_t first, int64_t last) {
    std::vector<float> one(together * classes + lanes::width), other(one.size());
    for (int64_t group = first; group < last; ++group)
      body(group * together, std::min(count, (group + 1) * together), one.data(), other.data());
  });
}

struct PixelCrossEntropy : torch::autograd::Function<PixelCrossEntropy> {
  template <typename T>
  static Pixels<T> pixels(const at::Tensor &map, const at::Tensor &targets, int64_t ignored) {
    return {map.data_ptr<T>(), targets.data_ptr<int64_t>(), map.size(1), ignored};
  }

  static at::Tensor forward(torch::autograd::AutogradContext *context, const at::Tensor &logits,
                            const at::Tensor &target, int64_t ignored) {
    shim::CountedKernel counted("pixel_cross_entropy");
    const at::Tensor map = logits.contiguous(at::MemoryFormat::ChannelsLast), targets = target.contiguous();
    at::Tensor result = at::empty(targets.sizes(), map.options().dtype(at::kFloat));
    std::atomic<int64_t> unknown{ignored};
    for_pixels(targets.numel(), map.size(1), [&](int64_t begin, int64_t end, float *buffer, float *) {
      for (int64_t p = begin; p < end; ++p) {
        const int64_t number = targets.data_ptr<int64_t>()[p];
        if (number != ignored && (number < 0 || number >= map.size(1))) {
          unknown = number;
          return;
        }
      }
      if (map.scalar_type() == at::kFloat)
        losses_of_floats(pixels<float>(map, targets, ignored), begin, end, buffer, result.data_ptr<float>());
      else
        losses_of_bfloats(pixels<at::BFloat16>(map, targets, ignored), begin, end, buffer, result.data_ptr<float>());
    });
    TORCH_CHECK(unknown == ignored, "targets are classes 0 to ", map.size(1) - 1, " or ", ignored, ", got ", unknown.load());
    counted.moves({map, targets, result});
    context->save_for_backward({logits, targets, result});
    context->saved_data["ignored"] = ignored;
    return result;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    shim::CountedKernel counted("pixel_cross_entropy_backward");
    const auto saved = context->get_saved_variables();
    const at::Tensor map = saved[0].contiguous(at::MemoryFormat::ChannelsLast), targets = saved[1];
    const at::Tensor losses = saved[2].contiguous(), gradient = gradients[0].contiguous();
    const int64_t ignored = context->saved_data["ignored"].toInt();
    at::Tensor result = at::empty_like(map, map.options(), at::MemoryFormat::ChannelsLast);
    for_pixels(targets.numel(), map.size(1), [&](int64_t begin, int64_t end, float *buffer, float *wide) {
      const float *values = losses.data_ptr<float>(), *upstream = gradient.data_ptr<float>();
      if (map.scalar_type() == at::kFloat)
        loss_gradient_of_floats(pixels<float>(map, targets, ignored), values, upstream, begin, end, buffer, wide,
                                result.data_ptr<float>());
      else
        loss_gradient_of_bfloats(pixels<at::BFloat16>(map, targets, ignored), values, upstream, begin, end, buffer,
                                 wide, result.data_ptr<at::BFloat16>());
    });
    counted.moves({map, targets, losses, gradient, result});
    return {result, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

char *ct_pixel_cross_entropy(ct_tensor logits, ct_tensor targets, int64_t ignored, ct_tensor *result) {
  return shim::guarded([&] {
    const at::Tensor &map = logits->value, &classes = targets->value;
    TORCH_CHECK(map.is_cpu() && map.dim() == 4 && map.size(1) > 0, "logits are [N, K, H, W] on the CPU");
    TORCH_CHECK(map.scalar_type() == at::kFloat || map.scalar_type() == at::kBFloat16,
                "logits are float32 or bfloat16, got ", map.scalar_type());
    TORCH_CHECK(classes.is_cpu() && classes.scalar_type() == at::kLong && classes.dim() == 3 &&
                    classes.size(0) == map.size(0) && classes.size(1) == map.size(2) && classes.size(2) == map.size(3),
                "targets are int64 [N, H, W] for logits ", map.sizes(), ", got ", classes.scalar_type(), " ", classes.sizes());
    *result = shim::handle(PixelCrossEntropy::apply(map, classes, ignored));
  });
}
