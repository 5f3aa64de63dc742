// Sixteen numbers at a time, of maps whose channels lie innermost. Sums are in float32 whatever the map holds.
#pragma once

#include <c10/util/BFloat16.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

// Built for AVX-512, for AVX2 and for any processor; the program picks at its start.
#if defined(__x86_64__) && defined(__clang__)
#define MULTIVERSIONED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MULTIVERSIONED
#endif
// Inlined into each version, so that it is built for the same processor; also for lambdas, behind their parameters.
#define INLINED inline ALWAYS_INLINED
#define ALWAYS_INLINED __attribute__((always_inline))

// How a vector is passed between functions depends on the processor; none is, as all that takes one is inlined.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace lanes {

constexpr int64_t width = 16;
typedef float Floats __attribute__((vector_size(64)));
typedef int32_t Mask __attribute__((vector_size(64)));
typedef uint32_t Words __attribute__((vector_size(64)));
typedef uint16_t Halves __attribute__((vector_size(32)));

INLINED Floats load(const float *from) {
  Floats result;
  std::memcpy(&result, from, sizeof result);
  return result;
}

INLINED Floats load(const c10::BFloat16 *from) {
  Halves halves;
  std::memcpy(&halves, from, sizeof halves);
  return (Floats)(__builtin_convertvector(halves, Words) << 16);
}

INLINED void store(float *to, Floats value) { std::memcpy(to, &value, sizeof value); }

/// Rounds to the nearest, ties to even, as the engine does; what is not a number stays so.
INLINED void store(c10::BFloat16 *to, Floats value) {
  Words bits = (Words)value;
  const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const Mask is_number = value == value;
  const Words words = (rounded & (Words)is_number) | (0x7fc0 & ~(Words)is_number);
  const Halves halves = __builtin_convertvector(words, Halves);
  std::memcpy(to, &halves, sizeof halves);
}

/// The first `count` numbers, and zeros.
template <typename T>
INLINED Floats load(const T *from, int64_t count) {
  if (count >= width) return load(from);
  T numbers[width] = {};
  std::copy(from, from + count, numbers);
  return load(numbers);
}

template <typename T>
INLINED void store(T *to, Floats value, int64_t count) {
  if (count >= width) return store(to, value);
  T numbers[width];
  store(numbers, value);
  std::copy(numbers, numbers + count, to);
}

INLINED Floats chosen(Mask mask, Floats yes, Floats no) {
  return (Floats)(((Words)yes & (Words)mask) | ((Words)no & ~(Words)mask));
}

INLINED Floats all(float value) { return Floats{} + value; }

/// The first `count` numbers, all from sixteen on, and `rest` behind them.
INLINED Floats first(Floats value, int64_t count, float rest = 0) {
  if (count >= width) return value;
  const Mask places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return chosen(places < int32_t(count), value, all(rest));
}

/// The larger of each two; of a number and what is none, the second.
INLINED Floats larger(Floats one, Floats other) { return chosen(one > other, one, other); }

/// All of them by halves until one number is left: `both` makes one of two.
template <typename Both>
INLINED float by_halves(Floats value, Both both) {
  float numbers[width];
  std::memcpy(numbers, &value, sizeof numbers);
  for (int half = width / 2; half > 0; half /= 2)
    for (int i = 0; i < half; ++i) numbers[i] = both(numbers[i], numbers[i + half]);
  return numbers[0];
}

INLINED float largest(Floats value) {
  return by_halves(value, [](float a, float b) ALWAYS_INLINED { return a > b ? a : b; });
}

INLINED float total(Floats value) {
  return by_halves(value, [](float a, float b) ALWAYS_INLINED { return a + b; });
}

/// e to the power of numbers of at most 88, to two units in the last place; below -87 as of -87. What is no number stays so.
INLINED Floats exponential(Floats x) {
  const Floats bounded = chosen(x < -87.f, all(-87.f), x);
  // The nearest whole number of halvings, read from the last bits of a sum with 3 · 2²².
  const Floats shifted = bounded * 1.44269504f + 12582912.f, power = shifted - 12582912.f;
  const Floats r = (bounded - power * 0.693145752f) - power * 1.42860677e-6f;
  Floats series = all(1.f / 720);
  series = series * r + 1.f / 120;
  series = series * r + 1.f / 24;
  series = series * r + 1.f / 6;
  series = series * r + 0.5f;
  series = series * r + 1.f;
  series = series * r + 1.f;
  const Floats scaled = (Floats)((Words)series + (((Words)shifted - 0x4b400000u) << 23));
  return chosen(x == x, scaled, x);
}

/// A number that is known when the program is built.
template <int value>
using Number = std::integral_constant<int, value>;

/// Calls `body(c, count)` for the channels from 0 on, sixteen at a time; `count` is less at the end.
template <typename Body>
INLINED void for_channels(int64_t channels, Body body) {
  int64_t c = 0;
  for (; c + width <= channels; c += width) body(c, width);
  if (c < channels) body(c, channels - c);
}

/// The same, `blocks` times sixteen at a time as long as there are as many: `body` gets that number as a constant.
template <int blocks, typename Body>
INLINED void for_wide_channels(int64_t channels, Body body) {
  int64_t c = 0;
  for (; c + blocks * width <= channels; c += blocks * width) body(Number<blocks>(), c, blocks * width);
  for (; c + width <= channels; c += width) body(Number<1>(), c, width);
  if (c < channels) body(Number<1>(), c, channels - c);
}

}  // namespace lanes
