/// The instructions of a pickle that are understood: those of protocols 2 to 5, and the older ones that their writers
/// still use.
///
/// Source: CPython's `Lib/pickletools.py`, which documents every instruction.
enum PickleOpcode: UInt8 {
  // Frame and protocol.
  case proto = 0x80
  case stop = 0x2e
  case frame = 0x95

  // Numbers and constants.
  case noneValue = 0x4e
  case newTrue = 0x88
  case newFalse = 0x89
  case integer = 0x49
  case binaryInteger = 0x4a
  case binaryInteger1 = 0x4b
  case binaryInteger2 = 0x4d
  case long1 = 0x8a
  case long4 = 0x8b
  case binaryFloat = 0x47

  // Text and bytes.
  case shortBinaryString = 0x55
  case binaryString = 0x54
  case shortBinaryUnicode = 0x8c
  case binaryUnicode = 0x58
  case binaryUnicode8 = 0x8d
  case shortBinaryBytes = 0x43
  case binaryBytes = 0x42
  case binaryBytes8 = 0x8e
  case byteArray8 = 0x96

  // Containers.
  case mark = 0x28
  case pop = 0x30
  case popMark = 0x31
  case duplicate = 0x32
  case emptyTuple = 0x29
  case tuple1 = 0x85
  case tuple2 = 0x86
  case tuple3 = 0x87
  case tuple = 0x74
  case emptyList = 0x5d
  case list = 0x6c
  case append = 0x61
  case appends = 0x65
  case emptyDictionary = 0x7d
  case dictionary = 0x64
  case setItem = 0x73
  case setItems = 0x75
  case emptySet = 0x8f
  case addItems = 0x90
  case frozenSet = 0x91

  // The memo.
  case binaryPut = 0x71
  case longBinaryPut = 0x72
  case binaryGet = 0x68
  case longBinaryGet = 0x6a
  case memoize = 0x94

  // Names, calls, and what lies outside.
  case global = 0x63
  case stackGlobal = 0x93
  case reduce = 0x52
  case newObject = 0x81
  case newObjectExtended = 0x92
  case build = 0x62
  case binaryPersistentID = 0x51
}
