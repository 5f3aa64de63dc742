import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads the elements of one long array on all cores, with the result of reading them one after another.
///
/// The bytes are cut where an element seems to begin. Each part is read from such a guess on, and counts only where the
/// part before it has ended exactly there; else it is read again from where that one has ended.
struct JSONArrayReader<Elements: JSONElements>: Sendable {
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  let file: String
  /// Gets the range of each part that has been read for good.
  let release: @Sendable (Range<Int>) -> Void
  let make: @Sendable () -> Elements
  /// About how many bytes one part has.
  let partSize: Int

  /// What the array holds.
  struct Content {
    var elements: Elements
    var count = 0
    /// The first elements that `take` has thrown for: the number of each, and where it begins.
    var refused: [(index: Int, offset: Int)] = []
    /// How many such elements there are in all.
    var refusedCount = 0
    /// The position after the array, or of the element that is not JSON or without its comma.
    var end: Int
    var isBroken = false
  }

  /// How many refused elements are remembered, of which a hostile file has as many as bytes.
  private static var mostRefused: Int { 20 }

  private struct Part {
    var content: Content
    var start: Int
    var limit: Int
    /// Whether the array ends in it, or breaks.
    var isLast = false
  }

  private struct Progress {
    var content: Content
    var next = 0
    var head = 0
    var waiting: [Int: Part] = [:]
    var isDone = false
  }

  /// Reads the array whose first element begins at `first`.
  func read(from first: Int, threads: Int = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) -> Content {
    let progress = Mutex(Progress(content: Content(elements: make(), end: first)))
    let isDone = Atomic(false)
    // No element seems to begin after this position.
    let lastBorder = Atomic(bytes.count)
    let parts = (bytes.count - first) / partSize + 1
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, parts))) { _ in
      while true {
        let index = progress.withLock { progress -> Int? in
          guard progress.next < parts, !progress.isDone else { return nil }
          progress.next += 1
          return progress.next - 1
        }
        guard let index else { return }
        let start = index == 0 ? first : border(from: first + index * partSize, lastBorder)
        let part = part(from: start, to: border(from: first + (index + 1) * partSize, lastBorder), isDone)
        progress.withLock { progress in
          progress.waiting[index] = part
          while !progress.isDone, let part = progress.waiting.removeValue(forKey: progress.head) {
            commit(part, first, isDone, &progress)
          }
          if progress.isDone { isDone.store(true, ordering: .relaxed) }
        }
      }
    }
    return progress.withLock { progress in
      // Where no part is the last one, the file ends after a comma.
      if !progress.isDone { progress.content.isBroken = true }
      return progress.content
    }
  }

  private func commit(
    _ guessed: consuming Part, _ first: Int, _ isDone: borrowing Atomic<Bool>, _ progress: inout Progress
  ) {
    let start = progress.content.end
    let part = guessed.start == start ? guessed : part(from: start, to: guessed.limit, isDone)
    progress.head += 1
    let room = Self.mostRefused - progress.content.refused.count
    progress.content.refused += part.content.refused.prefix(room).map { ($0.index + progress.content.count, $0.offset) }
    progress.content.refusedCount += part.content.refusedCount
    progress.content.count += part.content.count
    progress.content.end = part.content.end
    progress.content.isBroken = part.content.isBroken
    progress.isDone = part.isLast
    let read = max(1, part.content.end - first)
    let rest = part.isLast ? 0 : Double(bytes.count - part.content.end) / Double(read)
    let expected = Int((Double(progress.content.count) * (1 + rest) * 1.1).rounded(.up))
    progress.content.elements.append(part.content.elements, expected: expected)
    release(start..<part.content.end)
  }

  /// Where the first element after `position` seems to begin: an object after the end of another. The end of the bytes
  /// where there is none.
  private func border(from position: Int, _ lastBorder: borrowing Atomic<Int>) -> Int {
    if position > lastBorder.load(ordering: .relaxed) { return bytes.count }
    var at = position
    while at < bytes.count, let start = bytes.baseAddress,
      let found = memchr(start + at, Int32(UInt8(ascii: "}")), bytes.count - at)
    {
      at = UnsafeRawPointer(found) - start + 1
      var cursor = JSONCursor(bytes, at: at)
      if cursor.take(UInt8(ascii: ",")), cursor.peek() == UInt8(ascii: "{") { return cursor.at }
    }
    lastBorder.min(position, ordering: .relaxed)
    return bytes.count
  }

  /// Reads elements from `start` on until one begins at or after `limit`.
  private func part(from start: Int, to limit: Int, _ isDone: borrowing Atomic<Bool>) -> Part {
    var part = Part(content: Content(elements: make(), end: start), start: start, limit: limit)
    var cursor = JSONCursor(bytes, at: start)
    lazy var scan = JSONScan(bytes: bytes, file: file)
    while part.content.end < limit, !isDone.load(ordering: .relaxed) {
      let element = part.content.end
      cursor.at = element
      if !part.content.elements.take(&cursor) {
        do throws(DocumentError) {
          let (parsed, end) = try scan.element(at: element)
          cursor.at = end
          do throws(DocumentError) { try part.content.elements.take(parsed) } catch {
            // Only when the elements before it are counted can its path be named.
            part.content.refusedCount += 1
            if part.content.refusedCount <= Self.mostRefused {
              part.content.refused.append((part.content.count, element))
            }
          }
        } catch {
          part.content.isBroken = true
          part.isLast = true
          return part
        }
      }
      if cursor.take(UInt8(ascii: ",")) {
        cursor.skipSpace()
        part.content.count += 1
        part.content.end = cursor.at
      } else if cursor.take(UInt8(ascii: "]")) {
        part.content.count += 1
        part.content.end = cursor.at
        part.isLast = true
        return part
      } else {
        part.content.isBroken = true
        part.isLast = true
        return part
      }
    }
    return part
  }
}
