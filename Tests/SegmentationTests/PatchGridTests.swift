import Randomness
import Testing
import Torch

@testable import Segmentation

@Suite struct PatchGridTests {
  /// Images whose every pixel is another number.
  private func images(_ count: Int, _ grid: PatchGrid) -> Tensor {
    Tensor.indices(count * 3 * grid.height * grid.width).to(.float32)
      .reshaped(count, 3, grid.height, grid.width).channelsLast()
  }

  @Test("the source's grid covers 256 pixels")
  func source() {
    let grid = PatchGrid(patch: 64, stride: 32, rows: 7, columns: 7)
    #expect(grid.height == 256 && grid.width == 256 && grid.count == 49)
  }

  @Test("patches are the pixels at their places, image by image, row by row")
  func places() {
    let grid = PatchGrid(patch: 5, stride: 3, rows: 3, columns: 2)
    let images = images(2, grid)
    let patches = grid.patches(of: images)
    #expect(patches.shape == [12, 3, 5, 5] && images.size(2) == 11 && images.size(3) == 8)
    for image in 0..<2 {
      for row in 0..<3 {
        for column in 0..<2 {
          let found = patches[image * 6 + row * 2 + column]
          for channel in 0..<3 {
            for y in 0..<5 {
              for x in 0..<5 {
                let wanted = ((image * 3 + channel) * 11 + row * 3 + y) * 8 + column * 3 + x
                #expect(Int(found[channel][y][x].scalar) == wanted)
              }
            }
          }
        }
      }
    }
  }

  @Test("a smaller part lies within its patch, at places of its own that the generator decides")
  func jitter() {
    let grid = PatchGrid(patch: 6, stride: 3, rows: 4, columns: 4)
    let images = images(2, grid)
    func drawn(_ seed: UInt64) -> Tensor {
      var generator = SeededGenerator(seed: seed)
      return grid.patches(of: images, jitter: 2, using: &generator)
    }
    let patches = drawn(1)
    #expect(patches.shape == [32, 3, 4, 4])
    var offsets: Set<[Int]> = []
    for index in 0..<32 {
      let (image, row, column) = (index / 16, index / 4 % 4, index % 4)
      let first = Int(patches[index][0][0][0].scalar) - image * 3 * grid.height * grid.width
      let offset = [first / grid.width - row * 3, first % grid.width - column * 3]
      #expect(offset.allSatisfy { (0...2).contains($0) }, "\(offset)")
      offsets.insert(offset)
    }
    #expect(offsets.count > 4)
    #expect(drawn(1).isEqual(to: patches) && !drawn(2).isEqual(to: patches))
    var generator = SeededGenerator(seed: 1)
    #expect(grid.patches(of: images, jitter: 0, using: &generator).isEqual(to: grid.patches(of: images)))
  }

  @Test("images of another size are a mistake of the caller's")
  func otherSize() async {
    await #expect(processExitsWith: .failure) {
      _ = PatchGrid(patch: 4, stride: 2, rows: 2, columns: 2).patches(of: .zeros([1, 3, 6, 8]))
    }
  }
}
