import Documents
import FoundationEssentials

extension BackboneKind {
  /// The file of ImageNet weights that `tools/setup` keeps for this backbone; nil where there is none.
  public func cachedWeights() -> String? {
    guard self == .efficientnetLite0 else { return nil }
    let environment = ProcessInfo.processInfo.environment
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let folder =
      value("SEMIVISION_CACHE")
      ?? Path.join(value("XDG_CACHE_HOME") ?? Path.join(value("HOME") ?? "", ".cache"), "semivision")
    let path = Path.join(folder, "efficientnet-lite0.pth")
    return Folder.hasFile(path) ? path : nil
  }

  /// What to do where no ImageNet weights are at hand, for a note.
  public var howToGetWeights: String {
    self == .efficientnetLite0 ? "run tools/setup with a network" : "give --weights with \(publishedWeights)"
  }
}
