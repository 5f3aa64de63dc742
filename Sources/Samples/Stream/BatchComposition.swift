/// How many of a step's images are labelled.
public struct BatchComposition: Codable, Sendable, Equatable {
  /// Whether the numbers of each kind are fixed or drawn.
  public var composition = Kind.fixed
  /// Images of a step whose kinds are drawn together, with at least one of each: what one of several GPUs took in a release. 0 for all
  /// images of a step.
  public var drawnTogether = 0
  /// Images seen at the end of a run over which the labelled share falls to 0, though not below one image; 0 for none.
  public var labeledShareDecayImages = 0

  /// Whether the numbers of each kind are fixed or drawn.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// Exactly so many of each.
    case fixed
    /// For each image of a step its kind, labelled as likely as is its share; then at least one of each.
    case drawn
  }

  /// Fixed numbers.
  public init() {}

  /// So many images of each kind, fixed or drawn.
  public init(_ composition: Kind, drawnTogether: Int = 0) {
    self.composition = composition
    self.drawnTogether = drawnTogether
  }

  /// Numbers of images that are drawn together, of `count` in a step: as even as can be, at least `drawnTogether` each.
  func groups(of count: Int) -> [Int] {
    let groups = drawnTogether == 0 ? 1 : max(1, count / drawnTogether)
    return (0..<groups).map { count / groups + ($0 < count % groups ? 1 : 0) }
  }

  /// The fewest images that are labelled in a step with so many of each.
  public func leastLabeled(_ labeled: Int, _ unlabeled: Int) -> Int {
    guard unlabeled > 0, composition == .drawn || labeledShareDecayImages > 0 else { return labeled }
    return composition == .drawn ? groups(of: labeled + unlabeled).count : 1
  }

  /// How many images are labelled in the mean before their share falls, of a step with so many of each.
  ///
  /// Of n images drawn with the share p: n·p, more by the batches of which none was labelled, less by those of which all were.
  public func meanLabeled(_ labeled: Int, _ unlabeled: Int) -> Double {
    guard composition == .drawn, labeled > 0, unlabeled > 0 else { return Double(labeled) }
    let share = Double(labeled) / Double(labeled + unlabeled)
    func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * base } }
    return groups(of: labeled + unlabeled).reduce(0) {
      $0 + Double($1) * share + power(1 - share, $1) - power(share, $1)
    }
  }
}
