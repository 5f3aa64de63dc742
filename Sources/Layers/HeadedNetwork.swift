/// A network whose parameters fall into a backbone, mostly with published weights, and a head on it that starts anew:
/// an optimizer may move the head faster.
public protocol HeadedNetwork: Module {
  /// What the names of the backbone's parameters start with.
  var backbonePrefix: String { get }
}

extension HeadedNetwork {
  /// The parameters of the backbone, and those of the head: all others.
  public func parametersByPart() -> (backbone: [NamedParameter], head: [NamedParameter]) {
    let parameters = namedParameters()
    return (
      parameters.filter { $0.name.hasPrefix(backbonePrefix) }, parameters.filter { !$0.name.hasPrefix(backbonePrefix) }
    )
  }
}
