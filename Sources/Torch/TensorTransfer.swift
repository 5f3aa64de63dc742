import CTorch

/// Tensors from one device to another.
///
/// What a device computes is queued, and the host runs ahead of it: bringing something to the host waits until the device has
/// got there, giving it something does not. A training step waits where ``Tensor/onHost(_:)`` and `scalar` stand, and
/// nowhere else.
extension Tensor {
  /// On another device; itself where it is there already. To the CPU: waits for the device. Gradients flow.
  public func to(_ device: Device) -> Tensor {
    guard device != self.device else { return self }
    guard device != .cpu else { return Tensor.onHost([self])[0] }
    // Between two devices by way of the host.
    let source = to(.cpu)
    var result: ct_tensor?
    Engine.check(ct_tensor_upload(source.handle, device.handle, &result), "move \(self) to \(device)")
    return Tensor(owning: result, from: "a move")
  }

  /// The tensors on the CPU, those that lie on a device after one wait for all of them. Gradients flow.
  ///
  /// - Precondition: Those that do not lie on the CPU lie on one device.
  public static func onHost(_ tensors: [Tensor]) -> [Tensor] {
    let away = tensors.indices.filter { tensors[$0].device != .cpu }
    guard let first = away.first else { return tensors }
    let device = tensors[first].device
    precondition(away.allSatisfy { tensors[$0].device == device }, "tensors of several devices: \(tensors)")
    let handles: [ct_tensor?] = away.map { tensors[$0].handle }
    let copies = [ct_tensor?](unsafeUninitializedCapacity: away.count) { buffer, initialized in
      buffer.initialize(repeating: nil)
      initialized = away.count
      Engine.check(
        ct_tensors_download(handles, Int32(away.count), buffer.baseAddress), "bring \(tensors[first]) to the host")
    }
    var result = tensors
    for (index, copy) in zip(away, copies) { result[index] = Tensor(owning: copy, from: "a copy to the host") }
    return withExtendedLifetime(tensors) { result }
  }
}
