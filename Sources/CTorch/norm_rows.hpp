// What batch normalisation does to rows of channels, sixteen numbers at a time.
#pragma once

#include <algorithm>

#include "lanes.hpp"

namespace norm {

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

/// Rows that are swept together, so that the sums of a block of channels stay in registers for as many.
constexpr int64_t together = 8;

/// Σ g and Σ g · (x − mean) of every channel over rows `begin` ..< `end`; g is the gradient before the clamping.
template <typename T>
INLINED void gradient_sums(const T *x, const T *gradient, Rows rows, int64_t begin, int64_t end, const Norm &norm,
                           float *sums, float *products) {
  std::fill(sums, sums + rows.channels, 0.f);
  std::fill(products, products + rows.channels, 0.f);
  const Norm n = norm;
  for (int64_t start = begin; start < end; start += together) {
    const int64_t last = std::min(end, start + together);
    lanes::for_wide_channels<2>(rows.channels, [&](auto blocks, int64_t first, int64_t left) ALWAYS_INLINED {
      Floats sum[blocks.value], product[blocks.value];
      for (int b = 0; b < blocks; ++b) {
        sum[b] = lanes::load(sums + first + b * lanes::width, left);
        product[b] = lanes::load(products + first + b * lanes::width, left);
      }
      for (int64_t r = start; r < last; ++r)
        for (int b = 0; b < blocks; ++b) {
          const int64_t c = first + b * lanes::width, at = r * rows.channels + c;
          const Floats value = lanes::load(x + at, left);
          const Floats g = n.gradient(n.value(value, c, left), lanes::load(gradient + at, left));
          sum[b] += g;
          product[b] += g * (value - lanes::load(n.mean + c, left));
        }
      for (int b = 0; b < blocks; ++b) {
        lanes::store(sums + first + b * lanes::width, sum[b], left);
        lanes::store(products + first + b * lanes::width, product[b], left);
      }
    });
  }
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

}  // namespace norm
