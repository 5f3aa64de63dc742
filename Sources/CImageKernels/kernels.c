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

enum { hue_block = 64, blur_block = 256 };

MULTIVERSIONED void ik_turn_hue(uint8_t *pixels, intptr_t count, uint8_t shift) {
  // Numbers are as wide as in Pillow's C: quotients are floats, what is made of them is rounded to a float once.
  for (intptr_t start = 0; start < count; start += hue_block) {
    const intptr_t length = count - start < hue_block ? count - start : hue_block;
    uint8_t *place = pixels + 3 * start;
    int32_t red[hue_block] = {0}, green[hue_block] = {0}, blue[hue_block] = {0};
    for (intptr_t i = 0; i < length; ++i) {
      red[i] = place[3 * i];
      green[i] = place[3 * i + 1];
      blue[i] = place[3 * i + 2];
    }
    for (intptr_t i = 0; i < hue_block; ++i) {
      const int32_t r = red[i], g = green[i], b = blue[i];
      const int32_t rg_most = r > g ? r : g, rg_least = r < g ? r : g;
      const int32_t most = rg_most > b ? rg_most : b, least = rg_least < b ? rg_least : b;
      const float range = (float)(most > least ? most - least : 1);
      const float saturation = range / (float)(most > 0 ? most : 1);
      const float rc = (float)(most - r) / range, gc = (float)(most - g) / range, bc = (float)(most - b) / range;
      const float from_red = bc - gc;
      const float from_green = (float)(2.0 + (double)rc - (double)bc);
      const float from_blue = (float)(4.0 + (double)gc - (double)rc);
      const float sector = r == most ? from_red : g == most ? from_green : from_blue;
      const double turned = (double)sector / 6.0 + 1.0;
      const float hue = (float)(turned >= 1.0 ? turned - 1.0 : turned);
      const int32_t h = ((int32_t)((double)hue * 255.0) + shift) & 255;
      const int32_t s = most > least ? (int32_t)((double)saturation * 255.0) : 0;
      const double position = (double)h * 6.0 / 255.0;
      const int32_t part = (int32_t)position;
      const float rest = (float)(position - (double)part);
      const float share = (float)((double)s / 255.0);
      const double value = (double)most;
      const int32_t p = (int32_t)(value * (1.0 - (double)share) + 0.5);
      const int32_t q = (int32_t)(value * (1.0 - (double)(share * rest)) + 0.5);
      const int32_t t = (int32_t)(value * (1.0 - (double)share * (1.0 - (double)rest)) + 0.5);
      const int32_t k = part == 6 ? 0 : part;
      red[i] = k == 0 || k == 5 ? most : k == 1 ? q : k == 4 ? t : p;
      green[i] = k == 1 || k == 2 ? most : k == 0 ? t : k == 3 ? q : p;
      blue[i] = k == 3 || k == 4 ? most : k == 2 ? t : k == 5 ? q : p;
    }
    for (intptr_t i = 0; i < length; ++i) {
      place[3 * i] = (uint8_t)red[i];
      place[3 * i + 1] = (uint8_t)green[i];
      place[3 * i + 2] = (uint8_t)blue[i];
    }
  }
}

MULTIVERSIONED void ik_box_blur(const uint8_t *const *taps, intptr_t tap_count, uint32_t weight, uint32_t edge,
                                intptr_t count, uint8_t *output) {
  const uint8_t *first = taps[0], *last = taps[tap_count - 1];
  for (intptr_t start = 0; start < count; start += blur_block) {
    const intptr_t length = count - start < blur_block ? count - start : blur_block;
    uint32_t sums[blur_block];
    const uint8_t *middle = taps[1] + start;
    for (intptr_t i = 0; i < length; ++i) sums[i] = middle[i];
    for (intptr_t tap = 2; tap < tap_count - 1; ++tap) {
      const uint8_t *more = taps[tap] + start;
      for (intptr_t i = 0; i < length; ++i) sums[i] += more[i];
    }
    for (intptr_t i = 0; i < length; ++i) {
      const uint32_t ends = (uint32_t)first[start + i] + last[start + i];
      output[start + i] = (uint8_t)((sums[i] * weight + ends * edge + (1u << 23)) >> 24);
    }
  }
}
