import Annotations
import Imaging
import Randomness
import TestDevice
import Testing
import Torch
import Views

@testable import Samples

/// What is known of pixels, carried from weak views to strong ones that move them.
@Suite struct PixelMoveTests {
  private static let devices = [.cpu] + TestDevice.all
  private static let changes: [[GeometricChange]] = [
    [.translateX(5.5)], [.translateY(-3)], [.rotate(degrees: 31)], [.shear(x: 0.3, y: 0)], [.zoom(factor: 1.6)],
    [.rotate(degrees: -45), .translateX(9)], [.translateX(15), .translateX(-15)],
    [.zoom(factor: 2), .shear(x: 0, y: -0.3), .rotate(degrees: 12)], [.translateX(0)], [],
  ]

  /// A weak view and the strong views that go on from it.
  private func views(height: Int, width: Int) -> (weak: [View], strong: [View]) {
    var generator = SeededGenerator(seed: 3)
    var (weak, strong): ([View], [View]) = ([], [])
    for (number, changes) in Self.changes.enumerated() {
      var plan = ViewPlan(originalHeight: 30, originalWidth: 44)
      RandomScale(factors: 0.7...1.4, of: .image).adjust(&plan, using: &generator)
      RandomCrop(height: height, width: width).adjust(&plan, using: &generator)
      RandomMirror().adjust(&plan, using: &generator)
      func view() -> View {
        View(
          image: number, imageID: number, name: "\(number)", geometry: plan.geometry, steps: plan.steps,
          labels: BoxLabels())
      }
      weak.append(view())
      plan.append(.color(.equalize))
      if number % 2 == 1 { plan.append(.erase([.init(y: 2, x: 3, height: 9, width: 7)], fill: 9)) }
      for change in changes {
        plan.append(.geometry(change, fill: 4))
        plan.append(.blur(deviation: 1))
      }
      strong.append(view())
    }
    return (weak, strong)
  }

  private func map(_ number: Int) -> Image {
    var generator = SeededGenerator(seed: UInt64(number))
    var map = Image(height: 30, width: 44, channels: 1)
    map.pixels = map.pixels.map { _ in UInt8(generator.integer(below: 200)) }
    return map
  }

  /// Labels or validity of views, each at the upper left of its place, int64 [N, H, W].
  private func tensor(_ images: [Image], _ height: Int, _ width: Int, beyond: UInt8, on device: Device) -> Tensor {
    let bytes = images.flatMap { $0.padded(height: height, width: width, with: beyond).pixels }
    return Tensor(bytes, shape: [images.count, height, width], device: device).to(.int64)
  }

  @Test("labels of a weak view carried along are the label map of the strong view, to the pixel", arguments: devices)
  func labels(device: Device) {
    let (height, width) = (26, 37)
    let (weak, strong) = views(height: height, width: width)
    // Places are larger than the views.
    func all(_ views: [View]) -> Tensor {
      tensor(
        views.map { $0.labels(from: map($0.image)) }, height + 6, width + 3, beyond: View.ignoredLabel, on: device)
    }
    let visible = tensor(strong.map(\.validity), height + 6, width + 3, beyond: 0, on: device) .!= 0
    let own = all(weak)
    let carried = PixelMove(from: weak, to: strong)(own, beyond: Double(View.ignoredLabel))
    #expect(carried.device == device && carried.elementType == .int64)
    let wanted = all(strong)
    #expect(carried.filled(255, where: !visible).isEqual(to: wanted))
    // Where nothing is erased, what is lost on the way is lost without the validity, too.
    for number in stride(from: 0, to: strong.count, by: 2) {
      #expect(carried[number].isEqual(to: wanted[number]), "\(Self.changes[number])")
    }
    // Something is moved, and something lost.
    #expect(!carried.isEqual(to: own) && (wanted .!= 255).to(.float32).sum().scalar > 1000)
    #expect(own.isEqual(to: all(weak)))
  }

  @Test("any tensor of the batch goes along: channels in the middle, booleans, numbers with what is beyond")
  func tensors() {
    let (weak, strong) = views(height: 26, width: 37)
    let move = PixelMove(from: weak, to: strong)
    let count = weak.count
    let labels = tensor(weak.map { $0.labels(from: map($0.image)) }, 32, 40, beyond: 255, on: .cpu)
    let wanted = move(labels, beyond: 255)
    let numbers = labels.to(.float32)
    let channels = stack([numbers, numbers * 2], axis: 1)
    let moved = move(channels, beyond: 255)
    #expect(moved.shape == [count, 2, 32, 40])
    #expect(moved.selected(0, axis: 1).to(.int64).isEqual(to: wanted))
    #expect(move(labels .!= 255, beyond: 0).isEqual(to: wanted .!= 255))
    let leaf = numbers.copied()
    leaf.requiresGradient = true
    #expect(!move(leaf, beyond: 0).requiresGradient)
  }

  @Test("nothing waits for the device while pixels are carried along", .onStandIn)
  func waits() {
    let (weak, strong) = views(height: 26, width: 37)
    let numbers = Tensor.zeros([weak.count, 26, 37], device: TestDevice.other)
    #expect(TestDevice.waits { _ = PixelMove(from: weak, to: strong)(numbers, beyond: 255) }.isEmpty)
  }

  @Test("where no view is moved the tensor itself comes back, and only moved ones are touched")
  func identity() {
    let (weak, strong) = views(height: 26, width: 37)
    #expect(PixelMove(from: weak, to: weak).isIdentity && !PixelMove(from: weak, to: strong).isIdentity)
    let still = PixelMove(from: Array(weak.suffix(2)), to: Array(strong.suffix(2)))
    #expect(still.isIdentity)
    let numbers = Tensor.normal([2, 26, 37], using: Generator(seed: 1))
    #expect(still(numbers, beyond: 0).isEqual(to: numbers))
    let all = Tensor.normal([weak.count, 26, 37], using: Generator(seed: 1))
    let moved = PixelMove(from: weak, to: strong)(all, beyond: 0)
    #expect(moved[weak.count - 1].isEqual(to: all[weak.count - 1]) && !moved[0].isEqual(to: all[0]))
  }
}
