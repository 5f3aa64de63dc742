#include "cimagekernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__clang__)
#define MULTIVERSIONED __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MULTIVERSIONED
#endif
#define INLINED static inline __attribute__((always_inline))

typedef float pixel __attribute__((vector_size(16)));
typedef int32_t integers __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(4)));

/// The RGB pixel at an address, and the byte behind it.
INLINED pixel load(const uint8_t *place) {
  bytes loaded;
  memcpy(&loaded, place, sizeof loaded);
  return __builtin_convertvector(loaded, pixel);
}

/// The RGB pixel at an address that nothing need lie behind.
INLINED pixel load_last(const uint8_t *place) { return (pixel){place[0], place[1], place[2], 0}; }

/// The whole numbers below, of values brought into 0…255.
INLINED integers cut_off(pixel values) {
  const integers below = values < 0, above = values > 255;
  const integers inside = (integers)values & ~below & ~above;
  const pixel white = {255, 255, 255, 255};
  return __builtin_convertvector((pixel)(inside | ((integers)white & above)), integers);
}

MULTIVERSIONED void ik_interpolate_row(const uint8_t *line, const intptr_t *low, const intptr_t *high,
                                       const float *weight, intptr_t count, intptr_t last, ik_scaling scaling,
                                       float *row) {
  pixel factor, offset;
  memcpy(&factor, scaling.factor, sizeof factor);
  memcpy(&offset, scaling.offset, sizeof offset);
  for (intptr_t x = 0; x < count; ++x) {
    const pixel left = low[x] == last ? load_last(line + low[x]) : load(line + low[x]);
    const pixel right = high[x] == last ? load_last(line + high[x]) : load(line + high[x]);
    const pixel value = (left + (right - left) * weight[x]) * factor + offset;
    // The fourth number is overwritten by the next pixel's first.
    memcpy(row + 3 * x, &value, sizeof value);
  }
}

MULTIVERSIONED void ik_blend_rows(const float *above, const float *below, float weight, intptr_t count, float *output) {
  const float keep = 1 - weight;
  for (intptr_t i = 0; i < count; ++i) output[i] = above[i] * keep + below[i] * weight;
}

MULTIVERSIONED void ik_blend_rows_to_bytes(const float *above, const float *below, float weight, intptr_t count,
                                           uint8_t *output) {
  for (intptr_t i = 0; i < count; ++i) {
    // Floats from 2^23 on are whole, so the sum is rounded, and its lowest bits are the number.
    const float sum = above[i] + (below[i] - above[i]) * weight + 8388608.0f;
    uint32_t bits;
    memcpy(&bits, &sum, sizeof bits);
    output[i] = (uint8_t)bits;
  }
}

MULTIVERSIONED void ik_normalize_row(const uint8_t *line, intptr_t count, bool is_last, bool mirrored,
                                     ik_scaling scaling, float *output) {
  pixel factor, offset;
  memcpy(&factor, scaling.factor, sizeof factor);
  memcpy(&offset, scaling.offset, sizeof offset);
  for (intptr_t x = 0; x < count; ++x) {
    const intptr_t from = mirrored ? count - 1 - x : x;
    const uint8_t *place = line + 3 * from;
    const pixel value = (is_last && from == count - 1 ? load_last(place) : load(place)) * factor + offset;
    if (x + 1 < count)
      memcpy(output + 3 * x, &value, sizeof value);
    else
      memcpy(output + 3 * x, &value, 3 * sizeof(float));
  }
}

MULTIVERSIONED void ik_mix_with_grey(uint8_t *pixels, intptr_t count, float factor) {
  for (intptr_t i = 0; i < count; ++i) {
    uint8_t *place = pixels + 3 * i;
    const int32_t grey = (place[0] * 19595 + place[1] * 38470 + place[2] * 7471 + 32768) >> 16;
    const pixel degenerate = (pixel){} + (float)grey;
    const pixel values = i + 1 < count ? load(place) : load_last(place);
    const integers mixed = cut_off(degenerate + factor * (values - degenerate));
    for (int channel = 0; channel < 3; ++channel) place[channel] = (uint8_t)mixed[channel];
  }
}

MULTIVERSIONED void ik_mix_with_smooth(const uint8_t *above, const uint8_t *here, const uint8_t *below, intptr_t width,
                                       float factor, uint8_t *output) {
  for (intptr_t x = 3; x < 3 * width - 3; ++x) {
    uint16_t sum = (uint16_t)(above[x - 3] + above[x] + above[x + 3] + here[x - 3] + 5 * here[x] + here[x + 3]);
    sum = (uint16_t)(sum + below[x - 3] + below[x] + below[x + 3]);
    // Pillow: sum / 13 + 0.5 in floats, cut off. 13 is odd, so no half is near and whole numbers give the same.
    const float smooth = (float)((2 * sum + 13) / 26);
    const float mixed = smooth + factor * ((float)here[x] - smooth);
    output[x] = (uint8_t)(int32_t)(mixed < 0 ? 0 : mixed > 255 ? 255 : mixed);
  }
}
