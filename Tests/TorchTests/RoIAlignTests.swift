import Foundation
import TestSupport
import Testing

@testable import Torch

/// `Fixtures/regions.safetensors`, written by `tools/make-goldens/region_operations.py`.
enum RegionGolden {
  static let file = try! GoldenFile(
    path: Bundle.module.url(forResource: "Fixtures/regions", withExtension: "safetensors")!.path)

  static func tensor(_ name: String) -> Tensor { Tensor(file.floats(name), shape: file.shape(name)) }
  static func indices(_ name: String) -> Tensor { Tensor(file.integers(name), shape: file.shape(name)) }

  /// Numbers in −0.1…0.1 that the script makes as well.
  static func values(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(DeterministicWeights.elements(name, shape: [shape.reduce(1, *)]), shape: shape)
  }
}

@Suite("RoIAlign") struct RoIAlignTests {
  static let sizes = [(12, 16), (6, 8), (3, 4), (1, 1)]
  static let scales = [1.0 / 4, 1.0 / 8, 1.0 / 16, 1.0 / 32]

  struct Case: CustomTestStringConvertible, Sendable {
    let aligned: Bool
    let ratio: Int
    let height: Int
    let width: Int
    let channelsLast: Bool

    var name: String { "align.\(aligned ? "aligned" : "plain").\(ratio).\(height)x\(width)" }
    var testDescription: String { name + (channelsLast ? " channels-last" : "") }

    static let all: [Case] = [false, true].flatMap { aligned in
      [0, 2].flatMap { ratio in
        [(7, 7), (2, 3)].flatMap { size in
          [false, true].map {
            Case(aligned: aligned, ratio: ratio, height: size.0, width: size.1, channelsLast: $0)
          }
        }
      }
    }
  }

  static func options(_ size: Int, ratio: Int, aligned: Bool) -> RoIAlignOptions {
    RoIAlignOptions(outputSize: size, samplingRatio: ratio, aligned: aligned)
  }

  @Test("results and gradients are torchvision's to the bit, over levels, in both layouts", arguments: Case.all)
  func golden(align: Case) throws {
    let maps = Self.sizes.enumerated().map { index, size in
      let map = RegionGolden.values("map\(index)", [2, 3, size.0, size.1])
      let laidOut = align.channelsLast ? map.channelsLast() : map
      laidOut.requiresGradient = true
      return laidOut
    }
    #expect(maps[0].isChannelsLast == align.channelsLast)
    var options = Self.options(1, ratio: align.ratio, aligned: align.aligned)
    (options.outputHeight, options.outputWidth) = (align.height, align.width)
    let result = roiAlignKernel(
      maps, regions: RegionGolden.tensor("align.regions"), levels: RegionGolden.indices("align.levels"),
      scales: Self.scales, options: options)
    let wanted = RegionGolden.tensor(align.name)
    #expect(result.isEqual(to: wanted), "off by \((result - wanted).abs().max().scalar)")
    (result * RegionGolden.values("weights", result.shape)).sum().backward()
    for (index, map) in maps.enumerated() {
      let gradient = try #require(map.gradient)
      let wanted = RegionGolden.tensor("\(align.name).gradient\(index)")
      #expect(gradient.isEqual(to: wanted), "level \(index) off by \((gradient - wanted).abs().max().scalar)")
    }
  }

  @Test("gradients are the slopes of the result, in double", arguments: [(false, 2), (true, 0)])
  func slopes(aligned: Bool, ratio: Int) throws {
    let map = RegionGolden.values("map", [1, 2, 4, 5]).to(.float64)
    let regions = Tensor([0.0, 0.3, 0.2, 4.4, 3.9, 0, -1.2, 1, 2.2, 6], shape: [2, 5])
    let weights = RegionGolden.values("slope", [2, 2, 3, 3]).to(.float64)
    func value(_ map: Tensor) -> Tensor {
      let result = roiAlignKernel(
        [map], regions: regions, levels: Tensor([0, 0]), scales: [1],
        options: Self.options(3, ratio: ratio, aligned: aligned))
      return (result * weights).sum()
    }
    map.requiresGradient = true
    let gradient = try #require(value(map).gradients(of: [map])[0]).doubles
    let elements = map.doubles
    for index in elements.indices {
      func moved(_ step: Double) -> Double {
        var elements = elements
        elements[index] += step
        return value(Tensor(elements, shape: [1, 2, 4, 5])).scalar
      }
      #expect(abs((moved(1e-3) - moved(-1e-3)) / 2e-3 - gradient[index]) < 1e-10)
    }
  }

  @Test("of a map that rises evenly, every bin is the map at the bin's centre")
  func ramp() {
    let values = (0..<600).map { (index: Int) -> Float in Float(index / 30) * 3 + Float(index % 30) }
    let map = Tensor(values, shape: [1, 1, 20, 30])
    let result = roiAlignKernel(
      [map], regions: Tensor([0, 8, 4, 24, 20] as [Float], shape: [1, 5]), levels: Tensor([0]), scales: [0.5],
      options: Self.options(4, ratio: 2, aligned: true))
    // In pixels of the map the box is x 3.5…11.5, y 1.5…9.5: bins of 2 × 2.
    var wanted: [Float] = []
    for row in 0..<4 {
      for column in 0..<4 { wanted.append(7.5 + 6 * Float(row) + 4.5 + 2 * Float(column)) }
    }
    #expect(zip(result.floats, wanted).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("no region gives an empty result, and gradients of 0")
  func empty() throws {
    let map = Tensor.ones([1, 2, 3, 3])
    map.requiresGradient = true
    let result = roiAlignKernel(
      [map], regions: .zeros([0, 5]), levels: .zeros([0], .int64), scales: [1],
      options: Self.options(7, ratio: 2, aligned: false))
    #expect(result.shape == [0, 2, 7, 7])
    result.sum().backward()
    #expect(try #require(map.gradient).abs().sum().scalar == 0)
  }

  @Test("any number of threads gives the same bits, forward and backward", arguments: [false, true])
  func threads(channelsLast: Bool) throws {
    func run(threads: Int) throws -> (Tensor, Tensor) {
      Engine.threadCount = threads
      let plain = RegionGolden.values("wide", [2, 70, 12, 16])
      let map = channelsLast ? plain.channelsLast() : plain
      map.requiresGradient = true
      let result = roiAlignKernel(
        [map], regions: RegionGolden.tensor("align.regions"), levels: .zeros([17], .int64), scales: [0.25],
        options: Self.options(7, ratio: 2, aligned: true))
      (result * RegionGolden.values("weights", result.shape)).sum().backward()
      return (result, try #require(map.gradient))
    }
    let before = Engine.threadCount
    defer { Engine.threadCount = before }
    let one = try run(threads: 1)
    for threads in [2, 3, 4] {
      let many = try run(threads: threads)
      #expect(many.0.isEqual(to: one.0))
      #expect(many.1.isEqual(to: one.1))
    }
  }

  @Test("a map that is neither row-major nor channels-last is read as what it is")
  func strided() {
    let map = RegionGolden.values("map", [1, 2, 5, 6])
    let turned = map.transposed(2, 3).contiguous().transposed(2, 3)
    #expect(!turned.isContiguous && !turned.isChannelsLast)
    func run(_ map: Tensor) -> Tensor {
      roiAlignKernel(
        [map], regions: Tensor([0, 1, 1, 5, 4] as [Float], shape: [1, 5]), levels: Tensor([0]), scales: [1],
        options: Self.options(3, ratio: 2, aligned: false))
    }
    #expect(run(turned).isEqual(to: run(map)))
  }

  @Test("a region of an image or level that is not there ends the program with one line")
  func refusals() async {
    func line(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let image = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = roiAlignKernel(
        [.ones([1, 1, 3, 3])], regions: Tensor([1, 0, 0, 2, 2] as [Float], shape: [1, 5]), levels: Tensor([0]),
        scales: [1], options: RoIAlignOptions(outputSize: 2, samplingRatio: 2, aligned: false))
    }
    #expect(line(image).contains("a region names an image that is not there"))
    let level = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
      _ = roiAlignKernel(
        [.ones([1, 1, 3, 3])], regions: Tensor([0, 0, 0, 2, 2] as [Float], shape: [1, 5]), levels: Tensor([1]),
        scales: [1], options: RoIAlignOptions(outputSize: 2, samplingRatio: 2, aligned: false))
    }
    #expect(line(level).contains("a region names a level that is not there"))
  }
}
