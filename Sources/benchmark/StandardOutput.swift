#if canImport(Glibc)
  import Glibc
#endif

/// Prints a line that reaches a reading process at once.
func print(_ line: String, flushing: Bool) {
  Swift.print(line)
  if flushing { fflush(nil) }
}
