#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// File names as plain strings with `/` between their parts. As for the system a `/` is that byte, also before a combining
/// character, with which it is one `Character`.
public enum Path {
  private static let slash = UInt8(ascii: "/")

  /// `folder/name`; `name` alone where it is absolute or the folder is empty or the current one.
  public static func join(_ folder: String, _ name: String) -> String {
    if folder.isEmpty || folder == "." || name.utf8.first == slash { return name }
    return folder.utf8.last == slash ? folder + name : folder + "/" + name
  }

  /// The folder that `path` lies in; `.` for a bare name.
  public static func folder(of path: String) -> String {
    guard let place = path.utf8.lastIndex(of: slash) else { return "." }
    return place == path.startIndex ? "/" : String(path[..<place])
  }

  /// The part after the last `/`.
  public static func name(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// The extension in lower case, without its dot; empty where there is none. A leading dot begins no extension.
  public static func `extension`(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// `path` without its extension, folders kept.
  public static func withoutExtension(_ path: String) -> String {
    let suffix = `extension`(of: path)
    return suffix.isEmpty ? path : String(path.dropLast(suffix.count + 1))
  }

  /// The name of the file without folders and extension.
  public static func stem(of path: String) -> String { withoutExtension(name(of: path)) }

  /// A number as it stands in names of files that sort by it: with leading zeros where it has fewer digits.
  public static func digits(_ number: Int, atLeast count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }

  /// The path with links, `.` and `..` resolved, or nil where nothing exists there.
  public static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The relative path that leads from one folder to another, as `../images`; `.` where they are the same, nil where one is
  /// missing.
  public static func way(from folder: String, to other: String) -> String? {
    guard let start = resolved(folder).map(parts(of:)), let end = resolved(other).map(parts(of:)) else { return nil }
    let common = zip(start, end).prefix { $0.utf8.elementsEqual($1.utf8) }.count
    let parts = start.dropFirst(common).map { _ in ".." } + end.dropFirst(common)
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// What stands between the slashes, empty parts left out.
  public static func parts(of path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(Substring($0)) }
  }

  /// The shortest relative name of the same place: without `.`, empty parts, and `..` behind a folder. Links are not followed.
  public static func shortest(_ name: String) -> String {
    var last = slash
    let isShort = name.utf8.allSatisfy { byte in
      defer { last = byte }
      return last != slash || byte != slash && byte != UInt8(ascii: ".")
    }
    if isShort { return name }
    var kept: [String] = []
    for part in parts(of: name) where part != "." {
      if part == "..", let before = kept.last, before != ".." { kept.removeLast() } else { kept.append(part) }
    }
    return (name.utf8.first == slash ? "/" : "") + kept.joined(separator: "/")
  }

  /// Whether a name that came out of a file stays below the folder it is joined to: relative, and no `..` leads out.
  public static func staysInside(_ name: String) -> Bool {
    guard !name.isEmpty, name.utf8.first != slash, !name.utf8.contains(0) else { return false }
    var depth = 0
    for part in parts(of: name) {
      if part == ".." { depth -= 1 } else if part != "." { depth += 1 }
      if depth < 0 { return false }
    }
    return depth > 0
  }
}
