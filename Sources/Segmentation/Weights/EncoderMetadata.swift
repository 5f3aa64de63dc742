import Training

/// What a file with the weights of an encoder alone says about itself, as pre-training writes it.
public struct EncoderMetadata: Sendable, Equatable {
  /// What the encoder is made of, as it was trained.
  public var encoder: EncoderSettings

  /// A description.
  public init(_ encoder: EncoderSettings) { self.encoder = encoder }

  /// As entries of a safetensors file.
  public var entries: [String: String] { ["task": "encoder", "encoder": encoder.yaml] }

  /// Reads the entries of a file; nil where they describe no encoder.
  public init?(_ entries: [String: String], file: String) throws {
    guard entries["task"] == "encoder", let encoder = entries["encoder"] else { return nil }
    self.encoder = try EncoderSettings.resolved([.init(yaml: encoder, name: "\(file): encoder")])
  }
}
