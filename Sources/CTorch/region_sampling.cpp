// A draw of candidates, objects and background apart, without an order of all of them.
#include "shim.hpp"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "work.hpp"

namespace {

/// `count` of the numbers from 0 to `all` - 1, each set of them as likely as another, rising (Floyd's draw: Bentley and Floyd 1987).
std::vector<int64_t> drawn(int64_t count, int64_t all, at::CPUGeneratorImpl &generator) {
  std::unordered_set<int64_t> chosen;
  chosen.reserve(count);
  for (int64_t last = all - count; last < all; ++last) {
    const int64_t number = int64_t(generator.random64() % uint64_t(last + 1));
    if (!chosen.insert(number).second) chosen.insert(last);
  }
  std::vector<int64_t> result(chosen.begin(), chosen.end());
  std::sort(result.begin(), result.end());
  return result;
}

/// Where in `labels` the candidates of some ranks among those of a kind are.
template <typename Kind>
at::Tensor places(const std::vector<int64_t> &ranks, const int64_t *labels, Kind kind) {
  const at::Tensor result = at::empty({int64_t(ranks.size())}, at::kLong);
  int64_t *to = result.data_ptr<int64_t>(), rank = 0;
  size_t next = 0;
  for (int64_t i = 0; next < ranks.size(); ++i)
    if (kind(labels[i]) && rank++ == ranks[next]) to[next++] = i;
  return result;
}

}  // namespace

char *ct_sample_regions(ct_tensor labels, int64_t count, double positive_fraction, ct_generator generator,
                        ct_tensor *positive, ct_tensor *negative) {
  return shim::guarded([&] {
    shim::CountedKernel counted("sample_regions");
    const at::Tensor all = labels->value.contiguous();
    TORCH_CHECK(all.is_cpu() && all.dim() == 1 && all.scalar_type() == at::kLong, "labels are int64 [C] on the CPU, got ", all.sizes());
    const int64_t *label = all.data_ptr<int64_t>(), size = all.numel();
    const auto is_object = [](int64_t value) { return value >= 1; };
    const auto is_background = [](int64_t value) { return value == 0; };
    int64_t objects = 0, backgrounds = 0;
    for (int64_t i = 0; i < size; ++i) {
      objects += is_object(label[i]);
      backgrounds += is_background(label[i]);
    }
    auto &source = *at::check_generator<at::CPUGeneratorImpl>(generator->value);
    std::lock_guard<std::mutex> lock(source.mutex_);
    const int64_t of_objects = std::min(int64_t(double(count) * positive_fraction), objects);
    const auto objects_drawn = drawn(of_objects, objects, source);
    const auto backgrounds_drawn = drawn(std::min(count - of_objects, backgrounds), backgrounds, source);
    const at::Tensor found = places(objects_drawn, label, is_object);
    const at::Tensor rest = places(backgrounds_drawn, label, is_background);
    counted.moves({all, found, rest});
    *positive = shim::handle(found);
    *negative = shim::handle(rest);
  });
}
