#include "shim.hpp"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "parallel.hpp"
#include "work.hpp"

namespace {

// The boxes of one group by falling score, as columns so that one box is compared with many at once.
template <typename T>
struct Group {
  std::vector<T> x0, y0, x1, y1, area;
  std::vector<uint8_t> fallen;

  explicit Group(size_t count) : x0(count), y0(count), x1(count), y1(count), area(count), fallen(count, 0) {}

  void suppress(T threshold) {
    const size_t count = x0.size();
    for (size_t i = 0; i + 1 < count; ++i) {
      if (fallen[i]) continue;
      const T ax0 = x0[i], ay0 = y0[i], ax1 = x1[i], ay1 = y1[i], aarea = area[i];
      const T *bx0 = x0.data(), *by0 = y0.data(), *bx1 = x1.data(), *by1 = y1.data(), *barea = area.data();
      uint8_t *flag = fallen.data();
      for (size_t j = i + 1; j < count; ++j) {
        const T width = std::max(T(0), std::min(ax1, bx1[j]) - std::max(ax0, bx0[j]));
        const T height = std::max(T(0), std::min(ay1, by1[j]) - std::max(ay0, by0[j]));
        const T intersection = width * height;
        flag[j] |= intersection / (aarea + barea[j] - intersection) > threshold;
      }
    }
  }
};

/// The greatest T not above the threshold: comparing with it is the same as comparing with the threshold in double.
template <typename T>
T not_above(double threshold) {
  const T near = static_cast<T>(threshold);
  return near > threshold ? std::nextafter(near, -std::numeric_limits<T>::infinity()) : near;
}

template <typename T>
std::vector<int64_t> kept_boxes(const T *boxes, const T *scores, const int64_t *groups, int64_t count, double threshold) {
  std::vector<int64_t> order(count);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int64_t a, int64_t b) { return scores[a] > scores[b] || (scores[a] == scores[b] && a < b); });
  // Ranks by group; within a group still by falling score.
  std::vector<int64_t> ranks(count);
  std::iota(ranks.begin(), ranks.end(), 0);
  std::sort(ranks.begin(), ranks.end(), [&](int64_t a, int64_t b) {
    const int64_t first = groups[order[a]], second = groups[order[b]];
    return first < second || (first == second && a < b);
  });
  std::vector<int64_t> starts;
  for (int64_t i = 0; i < count; ++i)
    if (i == 0 || groups[order[ranks[i]]] != groups[order[ranks[i - 1]]]) starts.push_back(i);
  starts.push_back(count);

  std::vector<uint8_t> kept(count, 0);
  shim::parallel_for(0, static_cast<int64_t>(starts.size()) - 1, 1, [&](int64_t begin, int64_t end) {
    for (int64_t g = begin; g < end; ++g) {
      const int64_t first = starts[g], size = starts[g + 1] - first;
      Group<T> group(size);
      for (int64_t i = 0; i < size; ++i) {
        const T *box = boxes + 4 * order[ranks[first + i]];
        group.x0[i] = box[0], group.y0[i] = box[1], group.x1[i] = box[2], group.y1[i] = box[3];
        group.area[i] = (box[2] - box[0]) * (box[3] - box[1]);
      }
      group.suppress(not_above<T>(threshold));
      for (int64_t i = 0; i < size; ++i) kept[ranks[first + i]] = !group.fallen[i];
    }
  });
  std::vector<int64_t> result;
  for (int64_t rank = 0; rank < count; ++rank)
    if (kept[rank]) result.push_back(order[rank]);
  return result;
}

}  // namespace

char *ct_non_maximum_suppression(ct_tensor boxes, ct_tensor scores, ct_tensor groups, double threshold,
                                 ct_tensor *result) {
  return shim::guarded([&] {
    shim::CountedKernel counted("non_maximum_suppression");
    const int64_t count = boxes->value.size(0);
    TORCH_CHECK(boxes->value.dim() == 2 && boxes->value.size(1) == 4, "boxes are [B, 4], got ", boxes->value.sizes());
    TORCH_CHECK(scores->value.numel() == count && groups->value.numel() == count, "one score and one group a box");
    TORCH_CHECK(boxes->value.is_cpu() && scores->value.is_cpu() && groups->value.is_cpu(), "boxes lie on the CPU here");
    TORCH_CHECK(scores->value.scalar_type() == boxes->value.scalar_type(), "scores have the boxes' type");
    TORCH_CHECK(!at::isnan(scores->value).any().item<bool>(), "a score is not a number");
    auto b = boxes->value.contiguous();
    auto s = scores->value.contiguous();
    auto g = groups->value.contiguous();
    std::vector<int64_t> kept;
    AT_DISPATCH_FLOATING_TYPES(b.scalar_type(), "non_maximum_suppression", [&] {
      kept = kept_boxes(b.data_ptr<scalar_t>(), s.data_ptr<scalar_t>(), g.data_ptr<int64_t>(), count, threshold);
    });
    at::Tensor indices = at::empty({static_cast<int64_t>(kept.size())}, at::kLong);
    std::copy(kept.begin(), kept.end(), indices.data_ptr<int64_t>());
    counted.moves({b, s, g, indices});
    *result = shim::handle(indices);
  });
}
