/// Which image of a pool each draw takes: all in one order, or two parts of it, each in an order of its own, with a share of the draws
/// from the first that is spread evenly over them.
///
/// With two parts the draws of every step hold the share as nearly as whole images can, however small the first part is: its images come
/// around the sooner. A function of (seed, stream, draw) alone, as ``EpochOrder`` is.
struct PartedOrder: Sendable {
  private let share: Double
  private let first: (places: [Int], order: EpochOrder)?
  private let others: (places: [Int], order: EpochOrder)?

  /// What keeps the first part's order apart from the others'.
  private static let firstPart: UInt64 = 1 << 32

  /// All images of a pool in one order.
  init(_ order: EpochOrder) {
    share = 0
    first = nil
    others = (Array(0..<order.count), order)
  }

  /// Two parts of a pool.
  ///
  /// - Parameters:
  ///   - isFirst: Which images are of the first part.
  ///   - share: Of draws, in 0…1.
  /// - Precondition: a part that has a share has images.
  init(isFirst: [Bool], share: Double, seed: UInt64, stream: UInt64) {
    precondition((0...1).contains(share), "PartedOrder: expected a share in 0…1, got \(share)")
    self.share = share
    func part(_ isWanted: Bool, _ stream: UInt64) -> (places: [Int], order: EpochOrder)? {
      let places = isFirst.indices.filter { isFirst[$0] == isWanted }
      return places.isEmpty ? nil : (places, EpochOrder(count: places.count, seed: seed, stream: stream))
    }
    first = part(true, stream | Self.firstPart)
    others = part(false, stream)
    precondition(share == 0 || first != nil, "PartedOrder: expected images of the first part")
    precondition(share == 1 || others != nil, "PartedOrder: expected images that are not of the first part")
  }

  /// The image that draw number `draw` takes; draws count from 0.
  func image(ofDraw draw: Int) -> Int {
    let before = fromFirst(before: draw)
    let isFirst = fromFirst(before: draw + 1) > before
    guard let part = isFirst ? first : others else { preconditionFailure("PartedOrder: expected images of a part") }
    return part.places[part.order.image(ofDraw: isFirst ? before : draw - before)]
  }

  /// How many of the draws before one take the first part.
  private func fromFirst(before draw: Int) -> Int { Int((Double(draw) * share).rounded(.down)) }
}
