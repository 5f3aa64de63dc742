import Torch

/// The four losses of a detector with proposals, each a scalar (Ren et al. 2015, sections 3.1.2 and 3.1.3).
public struct DetectorLosses {
  /// Of the regions' classes.
  public var classes: Tensor
  /// Of the regions' box offsets.
  public var boxes: Tensor
  /// Of the anchors' objectness.
  public var objectness: Tensor
  /// Of the anchors' box offsets.
  public var proposalBoxes: Tensor

  /// Losses, each a scalar.
  public init(classes: Tensor, boxes: Tensor, objectness: Tensor, proposalBoxes: Tensor) {
    self.classes = classes
    self.boxes = boxes
    self.objectness = objectness
    self.proposalBoxes = proposalBoxes
  }

  /// Nothing is learnt: zeros of the type of a tensor, where it lies.
  public static func zero(like tensor: Tensor) -> DetectorLosses {
    let zero = Tensor.zeros([], like: tensor)
    return DetectorLosses(classes: zero, boxes: zero, objectness: zero, proposalBoxes: zero)
  }

  /// Under torchvision's names, `loss_classifier` first; with another prefix for the losses of other images.
  public func named(_ prefix: String = "loss") -> [(name: String, value: Tensor)] {
    [
      ("\(prefix)_classifier", classes), ("\(prefix)_box_reg", boxes), ("\(prefix)_objectness", objectness),
      ("\(prefix)_rpn_box_reg", proposalBoxes),
    ]
  }

  /// The mean of these and others.
  public func mean(with other: DetectorLosses) -> DetectorLosses {
    DetectorLosses(
      classes: (classes + other.classes) / 2, boxes: (boxes + other.boxes) / 2,
      objectness: (objectness + other.objectness) / 2, proposalBoxes: (proposalBoxes + other.proposalBoxes) / 2)
  }
}
