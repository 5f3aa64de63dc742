/// Operations that libtorch lacks.
#ifndef CTORCH_KERNELS_H
#define CTORCH_KERNELS_H

#include "ctorch_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

/// How RoIAlign samples (He et al., Mask R-CNN, section 3).
typedef struct {
  int32_t output_height;
  int32_t output_width;
  int32_t sampling_ratio;  // samples per bin and axis; <= 0: as many as the bin has pixels
  bool aligned;            // shifts boxes by half a pixel (Detectron2) or not (torchvision's detectors)
} ct_roi_align_options;

/// RoIAlign over the levels of a feature pyramid, with its gradient, on the CPU.
/// `features`: `level_count` tensors [N, C, Hl, Wl], float32 or float64, row-major or channels-last.
/// `regions`: [R, 5] of the same type: image index, x0, y0, x1, y1 in pixels of the padded input.
/// `levels`: int64 [R], the level that each region is read from. `scales`: `level_count` factors from input to level.
/// Result: [R, C, output_height, output_width], row-major. No gradient flows to `regions`.
char *ct_roi_align(const ct_tensor *features, int32_t level_count, ct_tensor regions, ct_tensor levels,
                   const double *scales, ct_roi_align_options options, ct_tensor *result);

/// Greedy non-maximum suppression within groups, on the CPU.
/// `boxes`: [B, 4] (x0, y0, x1, y1), float32 or float64; `scores`: [B]; `groups`: int64 [B] (a box suppresses only boxes
/// of its group). A box falls when its IoU with a kept box of a higher score is greater than `threshold`. Equal scores:
/// the earlier box goes first.
/// Result: int64 indices of the kept boxes, by falling score.
char *ct_non_maximum_suppression(ct_tensor boxes, ct_tensor scores, ct_tensor groups, double threshold,
                                 ct_tensor *result);

#ifdef __cplusplus
}
#endif
#endif
