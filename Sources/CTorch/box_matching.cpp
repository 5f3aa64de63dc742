// Which true box each candidate box is nearest to: pairs' IoU without a matrix of them, sixteen candidates at a time; a true box that
// lies beside a block of candidates, as most do of neighbouring anchors, is not looked at with each.
#include "shim.hpp"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "lanes.hpp"
#include "parallel.hpp"
#include "work.hpp"

namespace {

/// Candidates that are looked at together, in the processor's nearest cache.
constexpr int64_t block = 512;

/// The results for candidates that are background, and for those between the thresholds.
constexpr int32_t background = -1, ignored = -2;

template <typename T>
struct Rules {
  T high, low;
  bool keeps_best;
  /// The IoU from which a true box is what the candidates nearest to it are matched to; none: they keep their own.
  const T *taken_from;
};

/// Boxes as columns, and the smallest box around them.
template <typename T>
struct Columns {
  T x0[block], y0[block], x1[block], y1[block], area[block];
  T left, top, right, bottom, least_area, not_finite;

  INLINED void read(const T *boxes, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      const T *box = boxes + 4 * i;
      x0[i] = box[0], y0[i] = box[1], x1[i] = box[2], y1[i] = box[3];
      area[i] = (box[2] - box[0]) * (box[3] - box[1]);
    }
    constexpr int64_t lanes = 16;
    T lefts[lanes], tops[lanes], rights[lanes], bottoms[lanes], areas[lanes], faults[lanes];
    for (int64_t k = 0; k < lanes; ++k) {
      const int64_t i = std::min(k, count - 1);
      lefts[k] = x0[i], tops[k] = y0[i], rights[k] = x1[i], bottoms[k] = y1[i], areas[k] = area[i], faults[k] = area[i] * 0;
    }
    const auto add = [&](int64_t k, int64_t i) ALWAYS_INLINED {
      lefts[k] = std::min(lefts[k], x0[i]), tops[k] = std::min(tops[k], y0[i]);
      rights[k] = std::max(rights[k], x1[i]), bottoms[k] = std::max(bottoms[k], y1[i]);
      areas[k] = std::min(areas[k], area[i]), faults[k] += area[i] * 0;
    };
    int64_t first = lanes;
    for (; first + lanes <= count; first += lanes)
      for (int64_t k = 0; k < lanes; ++k) add(k, first + k);
    for (int64_t i = first; i < count; ++i) add(i - first, i);
    left = *std::min_element(lefts, lefts + lanes), top = *std::min_element(tops, tops + lanes);
    right = *std::max_element(rights, rights + lanes), bottom = *std::max_element(bottoms, bottoms + lanes);
    least_area = *std::min_element(areas, areas + lanes);
    not_finite = 0;
    for (const T fault : faults) not_finite += fault;
  }

  /// Whether the IoU of a box with each of these is 0, as one beside all of them has it that has an area.
  bool lie_beside(const T *box) const {
    const bool is_beside = box[0] >= right || box[2] <= left || box[1] >= bottom || box[3] <= top;
    return is_beside && (box[2] - box[0]) * (box[3] - box[1]) > 0 && least_area >= 0 && not_finite == 0;
  }
};

/// The IoU of one box with each of several; of two without area none.
template <typename T>
INLINED void overlaps(const T *truth, const Columns<T> &boxes, int64_t count, T *result) {
#pragma clang fp contract(off)
  const T x0 = truth[0], y0 = truth[1], x1 = truth[2], y1 = truth[3], area = (x1 - x0) * (y1 - y0);
  for (int64_t i = 0; i < count; ++i) {
    const T width = std::max(T(0), std::min(x1, boxes.x1[i]) - std::max(x0, boxes.x0[i]));
    const T height = std::max(T(0), std::min(y1, boxes.y1[i]) - std::max(y0, boxes.y0[i]));
    const T intersection = width * height;
    result[i] = intersection / (area + boxes.area[i] - intersection);
  }
}

/// Whether a value takes the place of the greatest so far; what is no number is greater than all numbers, as for the engine.
template <typename T>
INLINED bool is_greater(T value, T best) {
  return (best == best) & !(value <= best);
}

/// For each of several candidates the greatest IoU with a true box and which that is, the first of equal ones; for each true box
/// the greatest with one of them.
template <typename T>
INLINED void find_best(const T *candidates, int64_t count, const T *truth, int64_t truths, T *best, int32_t *index,
                       T *best_of_truth) {
  Columns<T> boxes;
  boxes.read(candidates, count);
  T found[block];
  std::fill(best, best + count, -std::numeric_limits<T>::infinity());
  std::fill(index, index + count, 0);
  for (int64_t g = 0; g < truths; ++g) {
    if (boxes.lie_beside(truth + 4 * g)) {
      // The first of equal ones is the nearest, so that only the first box can be it with nothing in common.
      if (g == 0) std::fill(best, best + count, T(0));
      best_of_truth[g] = 0;
      continue;
    }
    overlaps(truth + 4 * g, boxes, count, found);
    for (int64_t i = 0; i < count; ++i) {
      const bool greater = is_greater(found[i], best[i]);
      best[i] = greater ? found[i] : best[i];
      index[i] = greater ? int32_t(g) : index[i];
    }
    T greatest = -std::numeric_limits<T>::infinity();
    for (int64_t i = 0; i < count; ++i) greatest = is_greater(found[i], greatest) ? found[i] : greatest;
    best_of_truth[g] = greatest;
  }
}

#define VERSIONS(T)                                                                                                   \
  MULTIVERSIONED void best_of_block(const T *candidates, int64_t count, const T *truth, int64_t truths, T *best,      \
                                    int32_t *index, T *best_of_truth) {                                               \
    find_best<T>(candidates, count, truth, truths, best, index, best_of_truth);                                       \
  }                                                                                                                   \
  MULTIVERSIONED void overlaps_of_block(const T *truth, const Columns<T> &boxes, int64_t count, T *result) {          \
    overlaps<T>(truth, boxes, count, result);                                                                         \
  }
VERSIONS(float)
VERSIONS(double)
#undef VERSIONS

template <typename T>
void match(const T *candidates, int64_t count, const T *truth, int64_t truths, const Rules<T> &rules, int64_t *result) {
  const int64_t blocks = (count + block - 1) / block;
  std::vector<int32_t> own(count);
  // The greatest IoU of each true box in each block.
  std::vector<T> greatest(blocks * truths);
  shim::parallel_for(0, blocks, std::max<int64_t>(1, shim::worthwhile / (block * std::max<int64_t>(1, truths))),
                     [&](int64_t begin, int64_t end) {
    T best[block];
    for (int64_t b = begin; b < end; ++b) {
      const int64_t first = b * block, size = std::min(block, count - first);
      best_of_block(candidates + 4 * first, size, truth, truths, best, own.data() + first, greatest.data() + b * truths);
      for (int64_t i = 0; i < size; ++i)
        result[first + i] = best[i] < rules.low ? background : best[i] >= rules.high ? own[first + i] : ignored;
    }
  });
  if (!rules.keeps_best) return;
  Columns<T> boxes;
  T found[block];
  for (int64_t g = 0; g < truths; ++g) {
    T best = -std::numeric_limits<T>::infinity();
    for (int64_t b = 0; b < blocks; ++b) {
      const T value = greatest[b * truths + g];
      if (is_greater(value, best)) best = value;
    }
    if (rules.taken_from && !(best >= *rules.taken_from)) continue;
    for (int64_t b = 0; b < blocks; ++b) {
      if (greatest[b * truths + g] != best) continue;
      const int64_t first = b * block, size = std::min(block, count - first);
      boxes.read(candidates + 4 * first, size);
      overlaps_of_block(truth + 4 * g, boxes, size, found);
      for (int64_t i = 0; i < size; ++i)
        if (found[i] == best) result[first + i] = rules.taken_from ? g : own[first + i];
    }
  }
}

}  // namespace

char *ct_match_boxes(ct_tensor candidates, ct_tensor truth, ct_match_rules rules, ct_tensor *result) {
  return shim::guarded([&] {
    shim::CountedKernel counted("match_boxes");
    const at::Tensor boxes = candidates->value.detach().contiguous(), known = truth->value.detach().contiguous();
    for (const at::Tensor &tensor : {boxes, known})
      TORCH_CHECK(tensor.is_cpu() && tensor.dim() == 2 && tensor.size(1) == 4, "boxes are [B, 4] on the CPU, got ", tensor.sizes());
    TORCH_CHECK(boxes.scalar_type() == known.scalar_type(), "candidates and true boxes are of one type");
    const at::Tensor matches = at::full({boxes.size(0)}, background, at::kLong);
    if (boxes.size(0) > 0 && known.size(0) > 0)
      AT_DISPATCH_FLOATING_TYPES(boxes.scalar_type(), "match_boxes", [&] {
        const scalar_t taken_from = scalar_t(rules.taken_from);
        match<scalar_t>(boxes.data_ptr<scalar_t>(), boxes.size(0), known.data_ptr<scalar_t>(), known.size(0),
                        {scalar_t(rules.high), scalar_t(rules.low), rules.keeps_best,
                         rules.takes_nearest ? &taken_from : nullptr},
                        matches.data_ptr<int64_t>());
      });
    counted.moves({boxes, known, matches});
    *result = shim::handle(matches);
  });
}
