/// UTF-8's byte order mark (U+FEFF): a file or a line may begin with it, and it is no part of what they say.
public enum ByteOrderMark {
  private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Whether these bytes begin with it.
  public static func begins(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: self.bytes) }

  /// The position behind it: 0 where there is none.
  public static func end(in bytes: UnsafeRawBufferPointer) -> Int { begins(bytes) ? self.bytes.count : 0 }
}
