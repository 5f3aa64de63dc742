import Layers

extension SegmentationNetwork {
  /// One line for a log and beside results: what makes figures comparable, since output stride and rates alone change
  /// them by points. Such as `deeplabv3plus on resnet50, output stride 16, rates 6/12/18, batch norms trained,
  /// align_corners true, 40.3 M parameters`.
  public var summary: String {
    let encoder = settings.backbone
    var parts = [
      "\(settings.kind.rawValue) on \(encoder.kind.rawValue)" + (encoder.stem == .deep ? " with a deep stem" : "")
    ]
    parts.append("output stride \(encoder.coarsestStride)")
    func joined(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: "/") }
    if !settings.atrousRates.isEmpty { parts.append("rates \(joined(settings.atrousRates))") }
    if settings.kind == .pspnet { parts.append("bins \(joined(settings.bins))") }
    if !encoder.multiGrid.isEmpty { parts.append("multi-grid \(joined(encoder.multiGrid))") }
    if settings.separable { parts.append("separable") }
    if settings.auxiliaryWeight > 0 { parts.append("auxiliary head \(settings.auxiliaryWeight)") }
    if dropPath > 0 { parts.append("drop path \(dropPath)") }
    let fixed = encoder.norm == .frozen ? "fixed in the backbone" : "trained"
    parts.append("batch norms " + fixed + (encoder.frozenStages > 0 ? ", \(encoder.frozenStages) frozen stages" : ""))
    parts.append("align_corners \(settings.alignCorners)")
    let tenths = (Double(parameterCount) / 1e5).rounded() / 10
    parts.append("\(tenths) M parameters")
    return parts.joined(separator: ", ")
  }
}
