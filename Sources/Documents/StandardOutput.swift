import CFileSystem

/// What programs print as their result.
public enum StandardOutput {
  /// Sends what is held back until now: a program that prints a result calls it last.
  ///
  /// - Throws: where something that was printed is lost, as on a full disk.
  public static func finish() throws(DocumentError) {
    guard sv_flush_standard_output() == 0 else { throw .lastSystemError("write", "standard output") }
  }
}
