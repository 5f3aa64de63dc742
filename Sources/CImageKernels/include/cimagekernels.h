// Loops over pixels that want a processor's widest vectors. Each is built for AVX-512, AVX2 and any processor and gives the same
// bytes on all of them: products are rounded before they are added.
#ifndef CIMAGEKERNELS_H
#define CIMAGEKERNELS_H

#include <stdbool.h>
#include <stdint.h>

/// What normalises RGB pixels: value * factor + offset by channel; the fourth number is of no meaning.
typedef struct {
  float factor[4];
  float offset[4];
} ik_scaling;

/// A row of RGB pixels, interpolated along x: (left + (right - left) * weight) * factor + offset by channel, where left and right
/// lie `low` and `high` bytes from the row's beginning. `last`: the place of a pixel that no byte lies behind, or -1.
/// `row`: 3 * count + 1 numbers, pixel by pixel; what the last one holds is of no meaning.
void ik_interpolate_row(const uint8_t *line, const intptr_t *low, const intptr_t *high, const float *weight,
                        intptr_t count, intptr_t last, ik_scaling scaling, float *row);

/// output = above * (1 - weight) + below * weight.
void ik_blend_rows(const float *above, const float *below, float weight, intptr_t count, float *output);

/// output = above + (below - above) * weight, rounded to the nearest byte, halves to the even one; values in 0…255.
void ik_blend_rows_to_bytes(const float *above, const float *below, float weight, intptr_t count, uint8_t *output);

/// A row of RGB pixels in its own size: value * factor + offset by channel, from the other end if `mirrored`.
/// `is_last`: no byte lies behind the row. `output`: 3 * count numbers.
void ik_normalize_row(const uint8_t *line, intptr_t count, bool is_last, bool mirrored, ik_scaling scaling,
                      float *output);

/// Mixes RGB pixels with their grey (ITU-R 601 in 16-bit fixed point): grey + factor * (value - grey), cut off to a byte.
void ik_mix_with_grey(uint8_t *pixels, intptr_t count, float factor);

/// A row of RGB pixels but its first and last, mixed with its smoothed form: the mean of 3 by 3 pixels with five parts of
/// the middle one, rounded; smooth + factor * (value - smooth), cut off to a byte. `width`: pixels of the row.
void ik_mix_with_smooth(const uint8_t *above, const uint8_t *here, const uint8_t *below, intptr_t width, float factor,
                        uint8_t *output);

/// Turns the hue of RGB pixels by `shift` of 255 parts of the circle, by way of Pillow's HSV of 8 bits.
void ik_turn_hue(uint8_t *pixels, intptr_t count, uint8_t shift);

/// output = (weight * the sum of all taps but the first and last + edge * the sum of these two) / 2^24, rounded: one pass of a blur.
/// `taps`: 3 or more beginnings of `count` bytes. The weights of all taps are 2^24 together at most.
void ik_box_blur(const uint8_t *const *taps, intptr_t tap_count, uint32_t weight, uint32_t edge, intptr_t count,
                 uint8_t *output);

#endif
