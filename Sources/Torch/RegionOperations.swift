import CTorch

/// The sampling of RoIAlign (He et al., Mask R-CNN, section 3).
public struct RoIAlignOptions: Sendable, Equatable {
  /// Rows of the result.
  public var outputHeight: Int
  /// Columns of the result.
  public var outputWidth: Int
  /// Samples per bin and axis; 0: as many as the bin has pixels.
  public var samplingRatio: Int
  /// Whether boxes are shifted by half a pixel (Detectron2) or not (torchvision's detectors).
  public var aligned: Bool

  /// Options for a square result.
  public init(outputSize: Int, samplingRatio: Int, aligned: Bool) {
    outputHeight = outputSize
    outputWidth = outputSize
    self.samplingRatio = samplingRatio
    self.aligned = aligned
  }
}

/// RoIAlign over the levels of a pyramid by the CPU kernel.
///
/// - Parameters:
///   - features: One map [N, C, Hl, Wl] a level, float32, float64 or bfloat16 on the CPU, row-major or channels-last.
///   - regions: [R, 5], of the same type, float32 for bfloat16: image index, x0, y0, x1, y1 in pixels of the padded input.
///   - levels: int64 [R], the level each region is read from.
///   - scales: From input pixels to pixels of each level.
/// - Returns: [R, C, outputHeight, outputWidth], of the features' type. A gradient flows to the features, none to the regions.
public func roiAlignKernel(
  _ features: [Tensor], regions: Tensor, levels: Tensor, scales: [Double], options: RoIAlignOptions
) -> Tensor {
  precondition(features.count == scales.count, "\(features.count) maps and \(scales.count) scales")
  let raw = ct_roi_align_options(
    output_height: Int32(options.outputHeight), output_width: Int32(options.outputWidth),
    sampling_ratio: Int32(options.samplingRatio), aligned: options.aligned)
  var result: ct_tensor?
  let handles: [ct_tensor?] = features.map(\.handle)
  Engine.check(
    ct_roi_align(handles, Int32(handles.count), regions.handle, levels.handle, scales, raw, &result),
    "RoIAlign of \(regions) on \(features)")
  return withExtendedLifetime(features) { Tensor(owning: result, from: "RoIAlign") }
}

/// A level of a pyramid whose positions have anchors.
public struct AnchorLevel: Sendable {
  /// Positions from top to bottom.
  public var rows: Int
  /// Positions from left to right.
  public var columns: Int
  /// Pixels from one row to the next.
  public var rowStride: Int
  /// Pixels from one column to the next.
  public var columnStride: Int
  /// The anchors of the position (0, 0), four numbers each: x0, y0, x1, y1.
  public var base: [Double]

  /// A level.
  public init(rows: Int, columns: Int, rowStride: Int, columnStride: Int, base: [Double]) {
    precondition(base.count % 4 == 0, "\(base.count) numbers of anchors")
    (self.rows, self.columns) = (rows, columns)
    (self.rowStride, self.columnStride) = (rowStride, columnStride)
    self.base = base
  }

  /// Its anchors.
  public var count: Int { rows * columns * base.count / 4 }
}

/// The anchors of all levels, one behind the other, [A, 4] on the CPU: rows, then columns, then the anchors of a position.
///
/// - Parameter type: float32 or float64.
public func gridAnchors(_ levels: [AnchorLevel], type: ElementType) -> Tensor {
  let raw = levels.map {
    ct_anchor_level(
      rows: Int64($0.rows), columns: Int64($0.columns), stride_y: Double($0.rowStride),
      stride_x: Double($0.columnStride), per_position: Int64($0.base.count / 4))
  }
  var result: ct_tensor?
  Engine.check(
    ct_grid_anchors(raw, levels.flatMap(\.base), Int32(raw.count), type.engineCode, &result),
    "anchors of \(levels.count) levels")
  return Tensor(owning: result, from: "anchors")
}

/// Greedy non-maximum suppression within groups.
///
/// A box falls when its IoU with a kept box of its group and of a higher score is **greater than** `threshold`. Of equal
/// scores the earlier box goes first. Runs on the CPU; boxes from another device are brought there.
///
/// - Parameters:
///   - boxes: [B, 4], x0, y0, x1, y1.
///   - scores: [B], no element not-a-number.
///   - groups: int64 [B], such as classes.
/// - Returns: int64 indices of the kept boxes by falling score, on the boxes' device.
public func nonMaximumSuppression(_ boxes: Tensor, scores: Tensor, groups: Tensor, threshold: Double) -> Tensor {
  var result: ct_tensor?
  let b = boxes.detached().to(.cpu)
  let s = scores.detached().to(.cpu)
  let g = groups.to(.cpu)
  Engine.check(
    ct_non_maximum_suppression(b.handle, s.handle, g.handle, threshold, &result), "non-maximum suppression of \(boxes)")
  return Tensor(owning: result, from: "non-maximum suppression").to(boxes.device)
}

/// The true box that each candidate box is nearest to by IoU, where it is near enough. Runs on the CPU; boxes from another device are
/// brought there.
///
/// - Parameters:
///   - candidates: [C, 4], x0, y0, x1, y1.
///   - truth: [G, 4], of the same type.
///   - high: An IoU from here on makes an object.
///   - low: An IoU below makes background.
///   - keepsBest: Whether each true box keeps the candidates nearest to it, whatever their IoU.
///   - nearestTakenFrom: The IoU from which these are matched to that true box, where several keep one to the last; nil: they are
///     matched to their own nearest.
/// - Returns: int64 [C], on the candidates' device: the index of a true box, the first of equally near ones; -1 for background, -2 between
///   the thresholds.
public func matchedBoxes(
  _ candidates: Tensor, truth: Tensor, high: Double, low: Double, keepsBest: Bool, nearestTakenFrom: Double?
) -> Tensor {
  let rules = ct_match_rules(
    high: high, low: low, keeps_best: keepsBest, takes_nearest: nearestTakenFrom != nil,
    taken_from: nearestTakenFrom ?? 0)
  let (here, known) = (candidates.detached().to(.cpu), truth.detached().to(.cpu))
  var result: ct_tensor?
  Engine.check(ct_match_boxes(here.handle, known.handle, rules, &result), "matching \(candidates) to \(truth)")
  return Tensor(owning: result, from: "matching").to(candidates.device)
}

/// Candidates drawn without replacement, objects up to their share and background for the rest, each set as likely as another. Runs on
/// the CPU; labels from another device are brought there.
///
/// - Parameters:
///   - labels: int64 [C]: above 0 an object, 0 background, below 0 ignored.
///   - count: How many at most.
///   - positiveFraction: The share of objects at most.
/// - Returns: Indices of objects and of background, each int64 and rising, on the labels' device.
public func sampledRegions(
  _ labels: Tensor, count: Int, positiveFraction: Double, using generator: Generator
) -> (positive: Tensor, negative: Tensor) {
  let here = labels.to(.cpu)
  var (positive, negative): (ct_tensor?, ct_tensor?)
  Engine.check(
    ct_sample_regions(here.handle, Int64(count), positiveFraction, generator.handle, &positive, &negative),
    "a draw of \(count) of \(labels)")
  return (
    Tensor(owning: positive, from: "draw").to(labels.device), Tensor(owning: negative, from: "draw").to(labels.device)
  )
}
