/// Operations that libtorch lacks.
#ifndef CTORCH_KERNELS_H
#define CTORCH_KERNELS_H

#include "ctorch_operators.h"
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
/// `features`: `level_count` tensors [N, C, Hl, Wl], float32, float64 or bfloat16, row-major or channels-last.
/// `regions`: [R, 5] of the same type, float32 for bfloat16: image index, x0, y0, x1, y1 in pixels of the padded input.
/// `levels`: int64 [R], the level that each region is read from. `scales`: `level_count` factors from input to level.
/// Result: [R, C, output_height, output_width], row-major, of the features' type. No gradient flows to `regions`.
char *ct_roi_align(const ct_tensor *features, int32_t level_count, ct_tensor regions, ct_tensor levels,
                   const double *scales, ct_roi_align_options options, ct_tensor *result);

/// Depthwise convolution on the CPU with a weight [C, 1, k, k], without a bias. `input`: [N, C, H, W], float32 or bfloat16, the
/// weight of the same type. Its weight's gradient is computed by a kernel of its own, with sums in float32.
char *ct_depthwise_convolution(ct_tensor input, ct_tensor weight, int64_t stride, int64_t padding, ct_tensor *result);

/// Convolution of one group whose weight [O, I, k, k] is multiplied by `scale` [O] (or NULL) and brought to the input's type, which is done
/// again in the backward pass and not kept for it. `bias` [O] of the input's type, or NULL. No gradient flows to `scale`.
char *ct_prepared_convolution(ct_tensor input, ct_tensor weight, ct_tensor scale, ct_tensor bias, int64_t stride,
                              int64_t padding, int64_t dilation, ct_tensor *result);

/// input [R, I] times weight [O, I] transposed, plus bias [O] of the input's type; the weight is brought to the input's type as above.
char *ct_prepared_linear(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor *result);

/// The weights of `count` layers, float32, each times its factor of the same shape (or NULL) and brought to a type, in few operations and
/// with one node of the engine's graph for all. A gradient flows to the weights that want one, none to the factors. A weight that
/// would stay as it is, is refused where it wants a gradient.
char *ct_prepare_weights(const ct_tensor *weights, const ct_tensor *factors, int32_t count, int32_t element_type,
                         ct_tensor *results);

/// Batch normalisation by the batch's statistics and clamping to `low` … `high` behind it, on the CPU.
/// `input`: [N, C, H, W], float32 or bfloat16; the other tensors float32 [C]. The running statistics are updated in
/// place: new = (1 - momentum) * old + momentum * batch (the variance over n - 1); with momentum 0 they stay.
/// Result: channels-last, of the input's type. Gradients flow to `input`, `weight` and `bias`; none where it clamped.
char *ct_clamped_batch_norm(ct_tensor input, ct_tensor weight, ct_tensor bias, ct_tensor running_mean,
                            ct_tensor running_variance, double momentum, double epsilon, double low, double high,
                            ct_tensor *result);

/// Bilinear resizing on the CPU of a map [N, C, h, w], float32 or bfloat16, to [N, C, height, width], channels-last: corners on corners, or
/// pixel centres at halves. Sums in float32; a gradient flows to `input`.
char *ct_bilinear(ct_tensor input, int64_t height, int64_t width, bool align_corners, ct_tensor *result);

/// -log softmax of each pixel's class, float32 [N, H, W], 0 for pixels of class `ignored`, on the CPU. `logits`: [N, K, H, W],
/// float32 or bfloat16; `targets`: int64 [N, H, W], 0 to K - 1 or `ignored`. A gradient flows to `logits`.
char *ct_pixel_cross_entropy(ct_tensor logits, ct_tensor targets, int64_t ignored, ct_tensor *result);

/// The numbers of a step of AdamW; `correction1` and `correction2` are 1 less the powers of the betas.
typedef struct {
  double learning_rate, weight_decay, beta1, beta2, correction1, correction2, epsilon;
} ct_adamw_options;

/// A step of AdamW on `count` tensors of float32 on the CPU, in place. Values, means and squares lie row-major.
char *ct_adamw_step(const ct_tensor *values, const ct_tensor *gradients, const ct_tensor *means,
                    const ct_tensor *squares, int32_t count, ct_adamw_options options);

/// A level of a pyramid: positions, pixels from one to the next, and anchors at each.
typedef struct {
  int64_t rows, columns;
  double stride_y, stride_x;
  int64_t per_position;
} ct_anchor_level;

/// The anchors of `count` levels, one behind the other, [A, 4] on the CPU, float32 or float64: rows, then columns, then those of a position. `base`: four
/// numbers for each anchor of a position of each level, which the position is added to.
char *ct_grid_anchors(const ct_anchor_level *levels, const double *base, int32_t count, int32_t element_type,
                      ct_tensor *result);

/// How candidates are matched to true boxes.
typedef struct {
  /// An IoU from `high` on makes an object, one below `low` background.
  double high, low;
  /// Whether each true box keeps the candidates nearest to it, whatever their IoU.
  bool keeps_best;
  /// Whether these are matched to it, from the IoU `taken_from` on, where several keep one to the last; else to their own nearest.
  bool takes_nearest;
  double taken_from;
} ct_match_rules;

/// The true box that each candidate is nearest to, on the CPU: int64 [C], -1 for background, -2 between the thresholds.
/// `candidates`: [C, 4], `truth`: [G, 4] (x0, y0, x1, y1), float32 or float64.
char *ct_match_boxes(ct_tensor candidates, ct_tensor truth, ct_match_rules rules, ct_tensor *result);

/// Candidates drawn without replacement, each set as likely as another, on the CPU: of those labelled 1 or more at most
/// `positive_fraction` of `count`, of those labelled 0 as many as are left of it. `labels`: int64 [C]. Results: int64 indices, rising.
char *ct_sample_regions(ct_tensor labels, int64_t count, double positive_fraction, ct_generator generator,
                        ct_tensor *positive, ct_tensor *negative);

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
