import TestDevice
import Testing

@testable import Torch

/// The kernels of this toolkit do not go through the engine's dispatcher; they say themselves what they do.
@Suite("Work of kernels") struct KernelWorkTests {
  @Test("RoIAlign reads the maps, or the pixels of its samples where these are fewer, and writes its bins")
  func roiAlign() throws {
    let options = RoIAlignOptions(outputSize: 7, samplingRatio: 2, aligned: false)
    for (regionCount, readPixels) in [(1, 4 * 4 * 49), (40, 20 * 30)] {
      let map = WorkCounterTests.values([1, 16, 20, 30], gradient: true)
      let region = Tensor([0, 2, 3, 25, 18] as [Float], shape: [1, 5])
      let regions = concatenate(Array(repeating: region, count: regionCount))
      let levels = Tensor.zeros([regionCount], .int64)
      var pooled: Tensor?
      let forward = WorkCounterTests.work {
        pooled = roiAlignKernel([map], regions: regions, levels: levels, scales: [1], options: options)
      }
      let bins = regionCount * 16 * 49
      let pixels = min(readPixels, 20 * 30)
      let described = regionCount * (5 * 4 + 8)
      #expect(forward["roi_align"]?.bytes == 4 * (bins + 16 * pixels) + described, "\(regionCount)")
      let result = try #require(pooled)
      let scalar = (result * WorkCounterTests.values(result.shape)).sum()
      let backward = WorkCounterTests.work { scalar.backward() }
      #expect(backward["roi_align_backward"]?.bytes == 4 * (bins + 16 * 20 * 30) + described)
      #expect(forward["roi_align"]?.calls == 1 && backward["roi_align_backward"]?.calls == 1)
    }
  }

  @Test("suppression reads boxes, scores and groups and writes what is kept")
  func suppression() {
    let boxes = Tensor([0, 0, 2, 2, 0, 0, 2, 2, 5, 5, 6, 6] as [Float], shape: [3, 4])
    let (scores, groups) = (Tensor([0.5, 0.25, 1] as [Float], shape: [3]), Tensor.zeros([3], .int64))
    let work = WorkCounterTests.work {
      _ = nonMaximumSuppression(boxes, scores: scores, groups: groups, threshold: 0.5)
    }
    #expect(work["non_maximum_suppression"]?.bytes == 3 * (16 + 4 + 8) + 2 * 8)
  }

  @Test(
    "batch norm reads and writes its map, and backward reads two maps",
    arguments: [ElementType.float32, .bfloat16])
  func batchNorm(type: ElementType) {
    let map = WorkCounterTests.values([2, 8, 5, 7], type, gradient: true)
    let (weight, bias) = (Tensor.ones([8]), Tensor.zeros([8]))
    var scalar: Tensor?
    let forward = WorkCounterTests.work {
      let result = map.batchNormalizedByKernel(
        weight: weight, bias: bias, runningMean: .zeros([8]), runningVariance: .ones([8]), momentum: 0.1, epsilon: 1e-5,
        clampedTo: 0...6)
      scalar = (result * result).sum()
    }
    #expect(forward["clamped_batch_norm"]?.bytes == 2 * 560 * type.size)
    let backward = WorkCounterTests.work { scalar?.backward() }
    #expect(backward["clamped_batch_norm_backward"]?.bytes == 3 * 560 * type.size)
  }

  @Test("a depthwise convolution's gradients count like the engine's", arguments: ElementType.ofNetworks)
  func depthwise(type: ElementType) {
    let map = WorkCounterTests.values([2, 16, 9, 11], type, gradient: true)
    let weight = WorkCounterTests.values([16, 1, 5, 5], type, gradient: true)
    let flops = 2 * map.count * 25
    var scalar: Tensor?
    let forward = WorkCounterTests.work { scalar = map.depthwiseConvolved(weight, stride: 1, padding: 2).sum() }
    #expect(forward["convolution"]?.flops == flops)
    let backward = WorkCounterTests.work { scalar?.backward() }
    #expect(backward["convolution_backward"]?.flops == flops)
    #expect(backward["depthwise_weight_gradient"]?.flops == flops)
    #expect(backward["depthwise_weight_gradient"]?.bytes == 2 * map.count * type.size + 16 * 25 * 4)
  }

  @Test("a step of AdamW reads four tensors and writes three")
  func adamW() {
    let tensors = (0..<4).map { _ in WorkCounterTests.values([30, 20]) }
    let step = AdamWStep(
      learningRate: 0.1, weightDecay: 0, betas: (0.9, 0.999), corrections: (0.1, 0.001), epsilon: 1e-8)
    let work = WorkCounterTests.work {
      step.move([tensors[0]], gradients: [tensors[1]], means: [tensors[2]], squares: [tensors[3].abs()])
    }
    #expect(work["adamw_step"]?.bytes == 7 * 2400)
  }
}
