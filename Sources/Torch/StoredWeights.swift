import Documents

/// The named tensors of a file.
public struct StoredWeights: Sendable {
  /// How the file is written.
  public enum Format: String, Sendable {
    /// A JSON header, then the tensors.
    case safetensors
    /// `torch.save` since PyTorch 1.6: a pickle and one record a storage in a zip archive.
    case torchArchive
    /// `torch.save` before: pickles one after another, then the storages.
    case torchLegacy
  }

  /// One tensor under its name.
  public struct Entry: Sendable {
    /// The name, such as `backbone.body.conv1.weight`.
    public let name: String
    /// The tensor.
    public let tensor: StoredTensor

    /// Puts a name on a tensor.
    public init(name: String, tensor: StoredTensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// How the file is written.
  public let format: Format
  /// The tensors, in the file's order. No name occurs twice.
  public let entries: [Entry]
  /// Free text by key; only safetensors has it.
  public let metadata: [String: String]
  /// What was chosen, renamed or left out while reading, one line each, for the user.
  public let notes: [String]

  private let file: MappedFile
  private let indexByName: [String: Int]

  init(format: Format, entries: [Entry], metadata: [String: String], notes: [String], file: MappedFile) {
    self.format = format
    self.entries = entries
    self.metadata = metadata
    self.notes = notes
    self.file = file
    indexByName = Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The file that was read.
  public var path: String { file.path }

  /// The tensor of that name.
  public subscript(name: String) -> StoredTensor? { indexByName[name].map { entries[$0].tensor } }

  /// The SHA-256 of the whole file, in lower-case hexadecimal digits. Reads the file through: ask once.
  public func sha256() -> String { SHA256.hexDigest(of: file.bytes) }
}
