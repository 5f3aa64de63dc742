import Documents

/// Files written by `torch.save` in either form: the zip archive of PyTorch 1.6 and newer, and the pickles in a row of
/// before. Nothing in them is run: calls in the pickle are read as data, and only those that make tensors have a meaning.
///
/// A file may hold one set of tensors, or several beside other things. Without a key, the outermost dictionary is taken
/// of whose values at least half are tensors; below that, the first of `TorchStateDict.preferredKeys` that leads to such
/// a dictionary, else the only one that does. `module.` before every name, as data-parallel training leaves it, is
/// removed. `StoredWeights.notes` says what was chosen, removed and left out.
///
/// Sources: PyTorch's `torch/serialization.py` and `torch/_utils.py`.
enum TorchFile {
  /// `0x1950a86a20f9469cfc6c`, as a pickle of protocol 2 writes it: how the legacy form begins.
  private static let legacyMagic: [UInt8] = [
    0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]
  private static let legacyProtocol = 1001

  /// Whether a file begins like the legacy form: the protocol's number, then the magic number.
  static func isLegacy(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count > 15 && bytes[0] == PickleOpcode.proto.rawValue && bytes[2..<15].elementsEqual(legacyMagic)
  }

  /// Reads the tensors of a file in either form.
  /// - Parameter key: which set of tensors, where the file holds several.
  static func read(_ file: MappedFile, key: String?) throws(WeightFileError) -> StoredWeights {
    let isLegacy = isLegacy(file.bytes)
    let (graph, storages) = try isLegacy ? readLegacy(file) : readArchive(file)
    let chosen = try TorchStateDict.choose(in: graph, key: key, file: file.path)
    var reader = TorchTensorReader(graph: graph, storages: storages, file: file)
    let (entries, notes) = try chosen.read(with: &reader)
    return StoredWeights(
      format: isLegacy ? .torchLegacy : .torchArchive, entries: entries, metadata: [:], notes: notes, file: file)
  }

  // MARK: The zip archive

  private static func readArchive(_ file: MappedFile) throws(WeightFileError) -> (PickleGraph, TorchStorages) {
    let archive = try ZipArchive(file)
    guard let pickleName = archive.names.first(where: { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }) else {
      throw .unsupported(
        file: file.path, place: "zip archive", reason: "it has no data.pkl; wanted is what torch.save writes")
    }
    let folder = String(pickleName.dropLast("data.pkl".count))
    guard !archive.names.contains(folder + "constants.pkl"), let pickle = try archive.record(pickleName) else {
      throw .unsupported(
        file: file.path, place: "zip archive",
        reason: "it is a TorchScript program; wanted is a state dict written by torch.save")
    }
    var storages = TorchStorages()
    if let order = try archive.record(folder + "byteorder"), order.elementsEqual("big".utf8) {
      storages.isBigEndian = true
    }
    for name in archive.names where name.hasPrefix(folder + "data/") {
      storages.bytes[String(name.dropFirst(folder.count + 5))] = try archive.record(name)
    }
    return (try PickleReader.read(pickle, file: file.path, name: pickleName).graph, storages)
  }

  // MARK: The legacy form

  /// Five pickles (magic number, protocol, properties of the machine, object, keys of the storages), then each storage:
  /// its number of elements in eight bytes, and the elements, little-endian on any machine.
  private static func readLegacy(_ file: MappedFile) throws(WeightFileError) -> (PickleGraph, TorchStorages) {
    let names = ["magic number", "protocol", "machine", "object", "storage keys"]
    var graphs: [PickleGraph] = []
    var offset = 0
    for name in names {
      let (graph, end) = try PickleReader.read(file.bytes, at: offset, file: file.path, name: "pickle '\(name)'")
      graphs.append(graph)
      offset = end
    }
    guard graphs[1].root == .integer(legacyProtocol) else {
      throw .unsupported(
        file: file.path, place: "pickle 'protocol'", reason: "found \(graphs[1].root), wanted is \(legacyProtocol)")
    }
    guard let keys = graphs[4].sequence(graphs[4].root) else {
      throw .malformed(file: file.path, place: "pickle 'storage keys'", reason: "it is no list")
    }
    let object = graphs[3]
    var elementTypes: [String: ElementType] = [:]
    for node in object.nodes where node.kind == .persistent {
      if let id = TorchStorages.ID(node, in: object), elementTypes[id.key] == nil {
        elementTypes[id.key] = id.elementType
      }
    }
    var storages = TorchStorages()
    for (index, keyValue) in keys.enumerated() {
      let place = "storage \(index) of \(keys.count)"
      guard case .string(let key) = keyValue, let elementType = elementTypes[key] else {
        throw .malformed(file: file.path, place: place, reason: "nothing in the object says of which type it is")
      }
      guard let count = file.bytes.littleEndian(Int64.self, at: offset).flatMap({ Int(exactly: $0) }), count >= 0,
        case let (length, overflow) = count.multipliedReportingOverflow(by: elementType.size), !overflow,
        let bytes = file.bytes.slice(at: offset + 8, length: length)
      else {
        throw .malformed(file: file.path, place: place, reason: "it does not lie inside the file; it may be cut off")
      }
      storages.bytes[key] = bytes
      offset += 8 + length
    }
    return (object, storages)
  }
}
