import Backbone
import Layers
import Torch

/// A Faster R-CNN's state dict of mmdetection under the names and in the rows of this detector.
///
/// Three things are a matter of loading only, so that nothing behind it knows two orders: the classifier's background, last
/// there, comes first; the box regressor gets rows of 0 for background, which no loss and no detection reads; and of
/// Caffe's style the first convolution takes red first.
enum MMDetectionWeights {
  private static let classifier = "roi_heads.box_predictor.cls_score."
  private static let regressor = "roi_heads.box_predictor.bbox_pred."
  private static let stem = "backbone.body.conv1.weight"

  /// From mmdetection's names to those here.
  static let names = RenameTable(
    [
      ("backbone.*.*", "backbone.body.*.*"), ("backbone.*.*.*.*", "backbone.body.*.*.*.*"),
      ("backbone.*.*.downsample.*.*", "backbone.body.*.*.downsample.*.*"),
      ("neck.lateral_convs.*.conv.*", "backbone.fpn.inner_blocks.*.0.*"),
      ("neck.fpn_convs.*.conv.*", "backbone.fpn.layer_blocks.*.0.*"),
      ("rpn_head.rpn_conv.*", "rpn.head.conv.0.0.*"), ("rpn_head.rpn_cls.*", "rpn.head.cls_logits.*"),
      ("rpn_head.rpn_reg.*", "rpn.head.bbox_pred.*"),
      ("roi_head.bbox_head.shared_fcs.0.*", "roi_heads.box_head.fc6.*"),
      ("roi_head.bbox_head.shared_fcs.1.*", "roi_heads.box_head.fc7.*"),
      ("roi_head.bbox_head.fc_cls.*", classifier + "*"), ("roi_head.bbox_head.fc_reg.*", regressor + "*"),
    ])

  /// Whether these are mmdetection's names.
  static func areNames(_ names: [String]) -> Bool {
    names.contains { name in ["neck.", "rpn_head.", "roi_head."].contains { name.hasPrefix($0) } }
  }

  /// A state dict of mmdetection as one of this detector.
  static func translated(_ state: StateDict, style: BackboneStyle) -> StateDict {
    let rows = state.renamed(names).entries.map { entry -> (name: String, tensor: Tensor) in
      let count = entry.tensor.rank > 0 ? entry.tensor.size(0) : 0
      if entry.name.hasPrefix(classifier), count > 0 {
        let background = entry.tensor.sliced(axis: 0, from: count - 1)
        return (entry.name, concatenate([background, entry.tensor.sliced(axis: 0, to: count - 1)]))
      }
      if entry.name.hasPrefix(regressor), count > 0 {
        return (
          entry.name, concatenate([.zeros([4] + entry.tensor.shape.dropFirst(), like: entry.tensor), entry.tensor])
        )
      }
      return entry
    }
    return style.inRGB(StateDict(rows), stem: stem)
  }

  /// What did not fit, in mmdetection's names and shapes.
  static func translated(_ error: LoadError) -> LoadError {
    var report = error.report
    report.mismatched = report.mismatched.map { one in
      func shape(_ shape: [Int]) -> [Int] {
        one.name.hasPrefix(regressor) ? [shape[0] - 4] + shape.dropFirst() : shape
      }
      return .init(name: one.name, wanted: shape(one.wanted), found: shape(one.found))
    }
    return LoadError(source: error.source, report: report.renamed(names.reversed))
  }
}
