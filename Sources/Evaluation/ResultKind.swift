import Annotations

/// What predictions are taken for: boxes or masks, each for itself or, with strict parity, all as the first.
///
/// The reference looks at the first result alone: where it has a `bbox`, all areas are those of boxes, and a box without a
/// mask is a mask of its rectangle; else all areas are those of masks, and a mask without a box has its own.
enum ResultKind {
  case boxes
  case masks
  /// As each result has it.
  case each

  init(_ predictions: [PredictedObject], parity: EvaluationParity) {
    guard parity == .strict else {
      self = .each
      return
    }
    self = predictions.first.map { $0.box == nil } ?? false ? .masks : .boxes
  }

  /// Why a result cannot be one of this kind; nil where it can.
  func misfit(hasBox: Bool, hasMask: Bool) -> String? {
    switch self {
    case .boxes where !hasBox: "has no \"bbox\", which the first result has"
    case .masks where !hasMask: "has no \"segmentation\", which the first result has"
    default: nil
    }
  }
}
