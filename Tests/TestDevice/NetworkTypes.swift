import Torch

extension ElementType {
  /// The types in which this processor's libtorch convolves: bfloat16 wants AVX-512 of oneDNN.
  public static let ofNetworks: [ElementType] = [.float32] + (Device.cpu.computesBFloat16 ? [.bfloat16] : [])
}
