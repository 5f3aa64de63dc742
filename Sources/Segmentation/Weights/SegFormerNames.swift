import Layers

/// The names of `transformers`' SegFormer, of a whole network (`SegformerForSemanticSegmentation`) and of an encoder alone
/// (`SegformerForImageClassification`, `SegformerModel`), in terms of a segmentation network here. Behind the prefixes names
/// are the same.
enum SegFormerNames {
  /// From the names there to those here. An encoder's own names without a prefix are ``MixTransformer/publishedNames``.
  static let table = RenameTable([("segformer.encoder.**", "backbone.**"), ("decode_head.**", "classifier.**")])

  /// Whether these are names there, or those of an encoder alone.
  static func areNames(_ names: [String]) -> Bool {
    names.contains { $0.hasPrefix("segformer.encoder.") || $0.hasPrefix("encoder.patch_embeddings.") }
  }

  /// Whether these are names there with a decoder among them.
  static func areWhole(_ names: [String]) -> Bool {
    areNames(names) && names.contains { $0.hasPrefix("decode_head.") }
  }
}
