import Documents

/// Files of weights in any format that is read here, told apart by their first bytes.
public enum WeightFile {
  /// Reads the named tensors of a safetensors file or of a PyTorch file in either of its forms.
  ///
  /// Nothing in the file is run, whatever it says. The tensors stay in the mapped file until they are used.
  /// - Parameters:
  ///   - path: the file.
  ///   - key: for a PyTorch file that holds several sets of tensors: which one (`model`, `ema` …). See `TorchFile`.
  public static func read(_ path: String, key: String? = nil) throws(WeightFileError) -> StoredWeights {
    let file = try map(path)
    if ZipArchive.isArchive(file.bytes) || TorchFile.isLegacy(file.bytes) {
      return try TorchFile.read(file, key: key)
    }
    if SafetensorsFile.isSafetensors(file.bytes) {
      guard key == nil else {
        throw .unsupported(
          file: path, place: "key '\(key ?? "")'", reason: "a safetensors file holds one set of tensors")
      }
      return try SafetensorsFile.read(file)
    }
    let found = file.bytes.isEmpty ? "the file is empty" : "the first bytes are those of neither"
    throw .unsupported(file: path, place: "format", reason: "\(found); wanted is safetensors or a PyTorch file")
  }

  static func map(_ path: String) throws(WeightFileError) -> MappedFile {
    do throws(DocumentError) {
      return try MappedFile(path: path)
    } catch {
      throw .document(error)
    }
  }
}
