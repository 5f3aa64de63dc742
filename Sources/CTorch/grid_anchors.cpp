// The anchors of all levels of a pyramid, written once, where a sum of two tensors of which one has a few elements takes five times as long.
#include "shim.hpp"

#include <ATen/Dispatch.h>

#include <vector>

#include "parallel.hpp"
#include "work.hpp"

namespace {

/// The anchors of a level, row by row.
template <typename T>
void write_level(const ct_anchor_level &level, const double *base, T *to) {
  const int64_t per_row = level.columns * level.per_position * 4;
  const std::vector<T> own(base, base + level.per_position * 4);
  shim::parallel_for(0, level.rows, shim::worthwhile / std::max<int64_t>(1, per_row), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const T y = float(row) * float(level.stride_y);
      T *at = to + row * per_row;
      for (int64_t column = 0; column < level.columns; ++column) {
        const T x = float(column) * float(level.stride_x);
        for (int64_t i = 0; i < level.per_position * 4; i += 4, at += 4)
          at[0] = x + own[i], at[1] = y + own[i + 1], at[2] = x + own[i + 2], at[3] = y + own[i + 3];
      }
    }
  });
}

}  // namespace

char *ct_grid_anchors(const ct_anchor_level *levels, const double *base, int32_t count, int32_t element_type,
                      ct_tensor *result) {
  return shim::guarded([&] {
    shim::CountedKernel counted("grid_anchors");
    int64_t all = 0;
    for (int32_t i = 0; i < count; ++i) all += levels[i].rows * levels[i].columns * levels[i].per_position;
    const at::Tensor anchors = at::empty({all, 4}, static_cast<at::ScalarType>(element_type));
    AT_DISPATCH_FLOATING_TYPES(anchors.scalar_type(), "grid_anchors", [&] {
      scalar_t *to = anchors.data_ptr<scalar_t>();
      for (int32_t i = 0; i < count; ++i) {
        write_level(levels[i], base, to);
        to += levels[i].rows * levels[i].columns * levels[i].per_position * 4;
        base += levels[i].per_position * 4;
      }
    });
    counted.moves({anchors});
    *result = shim::handle(anchors);
  });
}
