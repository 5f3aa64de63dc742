import Documents
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  @Test("what is written is read back, and no temporary file stays")
  func writes() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.bin")
    let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try AtomicFile.write(bytes, to: path)
    #expect(try MappedFile(path: path).withBytes { $0.elementsEqual(bytes) })
    try AtomicFile.write("second", to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
    #expect(try Folder.names(in: folder.path) == ["a.bin"])
  }

  @Test("chunks of all sizes arrive in order")
  func chunks() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("a.bin")
    var expected: [UInt8] = []
    try AtomicFile.write(to: path) { writer throws(DocumentError) in
      for (index, count) in [0, 1, 200_000, 70_000, 262_144, 300_001, 5].enumerated() {
        let chunk = [UInt8](repeating: UInt8(index), count: count)
        expected += chunk
        try writer.append(chunk)
      }
      try writer.append(expected.lazy.map { $0 &+ 1 }.prefix(3))
      #expect(writer.count == expected.count + 3)
    }
    expected += expected.prefix(3).map { $0 &+ 1 }
    #expect(try MappedFile(path: path).withBytes { $0.elementsEqual(expected) })
  }

  @Test("when the body fails the old content stays and the temporary file is gone")
  func failingBody() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("old", to: "a.txt")
    #expect(throws: DocumentError.self) {
      try AtomicFile.write(to: path) { writer throws(DocumentError) in
        try writer.append("new")
        throw DocumentError.content(file: "x", reason: "stop")
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try Folder.names(in: folder.path) == ["a.txt"])
  }

  @Test("the files of a batch appear together, or not at all")
  func batch() throws {
    let folder = try ScratchFolder()
    _ = try folder.write("old", to: "b.txt")
    do {
      let released = AtomicFileBatch(folder: folder.path)
      try released.add("never", as: "b.txt")
      #expect(try Folder.names(in: folder.path).count == 2)
    }
    #expect(try Folder.names(in: folder.path) == ["b.txt"])
    let batch = AtomicFileBatch(folder: folder.path)
    for name in ["a.txt", "b.txt"] { try batch.add("new \(name)", as: name) }
    #expect(try String(contentsOfFile: folder.path + "/b.txt", encoding: .utf8) == "old")
    try batch.commit()
    #expect(try Folder.names(in: folder.path) == ["a.txt", "b.txt"])
    #expect(try String(contentsOfFile: folder.path + "/b.txt", encoding: .utf8) == "new b.txt")
  }

  @Test("a missing folder is named with the system's reason")
  func missingFolder() {
    #expect(
      errorMessage { try AtomicFile.write("x", to: "/nonexistent/a") }
        == "/nonexistent/a: cannot write: No such file or directory")
    #expect(
      errorMessage { _ = try MappedFile(path: "/nonexistent") }
        == "/nonexistent: cannot read: No such file or directory")
    #expect(errorMessage { _ = try MappedFile(path: "/") } == "/: cannot read: Is a directory")
    #expect(errorMessage { _ = try MappedFile(path: "/dev/null") } == "/dev/null: is not a regular file")
  }

  @Test("a pipe or a link to a device is not written over")
  func devices() throws {
    let folder = try ScratchFolder()
    let (pipe, link) = (folder.path + "/pipe", folder.path + "/link")
    #expect(mkfifo(pipe, 0o600) == 0 && symlink("/dev/null", link) == 0)
    for place in [pipe, link] {
      #expect(
        errorMessage { try AtomicFile.write("text", to: place) }
          == "\(place): is a device or a pipe; wanted is the place of a file")
    }
    #expect(try Folder.names(in: folder.path) == ["link", "pipe"])
  }

  @Test("a named pipe is refused at once where a file is to be read", .timeLimit(.minutes(1)))
  func pipe() throws {
    let folder = try ScratchFolder()
    let pipe = try folder.file("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(errorMessage { _ = try MappedFile(path: pipe) } == "\(pipe): is not a regular file")
    #expect(errorMessage { _ = try JSON(contentsOf: pipe) } == "\(pipe): is not a regular file")
  }

  @Test("an empty file maps to no bytes")
  func emptyFile() throws {
    let folder = try ScratchFolder()
    #expect(try MappedFile(path: folder.write("", to: "e")).withBytes { $0.isEmpty })
  }
}

@Suite struct SHA256Tests {
  @Test(
    "published test vectors",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func vectors(text: String, digest: String) throws {
    var whole = SHA256()
    whole.update(text)
    #expect(whole.hexDigest() == digest)
    let folder = try ScratchFolder()
    #expect(try SHA256.hexDigest(ofFile: folder.write(text, to: "f")) == digest)
  }

  @Test("a copy goes its own way")
  func copies() {
    var first = SHA256()
    first.update("a")
    var second = first
    second.update("x")
    first.update("bc")
    #expect(first.hexDigest() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(second.hexDigest() != first.hexDigest())
  }
}

@Suite struct PathTests {
  @Test("parts of paths")
  func parts() {
    #expect(Path.join("a", "b") == "a/b")
    #expect(Path.join("a/", "b") == "a/b")
    #expect(Path.join("a", "/b") == "/b")
    #expect(Path.folder(of: "a/b/c.d") == "a/b")
    #expect(Path.folder(of: "c") == ".")
    #expect(Path.folder(of: "/c") == "/")
    #expect(Path.name(of: "a/b.c") == "b.c")
    #expect(Path.extension(of: "a.b/c.JPG") == "jpg")
    #expect(Path.extension(of: "a.b/c") == "")
    #expect(Path.extension(of: ".hidden") == "")
    #expect(Path.withoutExtension("a.b/c.jpg") == "a.b/c")
    #expect(Path.stem(of: "x/c.tar.gz") == "c.tar")
  }

  @Test(
    "names that lead out of their folder are seen",
    arguments: [
      ("a.jpg", true), ("a/b.jpg", true), ("a/../b", true), ("./a", true), ("../a", false), ("a/../../b", false),
      ("/etc/passwd", false), ("", false), (".", false), ("a/..", false), ("a/../../\u{301}b", false),
      ("/\u{301}etc", false), ("a/\u{301}b", true),
    ])
  func inside(name: String, stays: Bool) {
    #expect(Path.staysInside(name) == stays)
  }

  @Test(
    "names of one place have one shortest name",
    arguments: [
      ("a.jpg", "a.jpg"), ("./a.jpg", "a.jpg"), ("s//a.jpg", "s/a.jpg"), ("s/../a.jpg", "a.jpg"),
      ("s/./a.jpg", "s/a.jpg"),
      (".hidden", ".hidden"), ("s/..b/c", "s/..b/c"), ("../a", "../a"), ("a/../../b", "../b"), ("/a/./b", "/a/b"),
    ])
  func shortest(name: String, wanted: String) { #expect(Path.shortest(name) == wanted) }

  @Test("a slash before a combining character is a slash, as the system has it")
  func combining() {
    #expect(Path.folder(of: "a/\u{301}b") == "a")
    #expect(Array(Path.name(of: "a/\u{301}b").unicodeScalars) == ["\u{301}", "b"])
    #expect(Path.join("a", "/\u{301}b").unicodeScalars.count == 3)
    #expect(Path.parts(of: "/a//b/../\u{301}c") == ["a", "b", "..", "\u{301}c"])
  }

  @Test("a folder of more parts than a path can have is refused")
  func tooDeep() throws {
    let folder = try ScratchFolder()
    let path = folder.path + "/" + String(repeating: "a/", count: 100_000)
    #expect(errorMessage { try Folder.create(path) }?.contains("cannot create the folder") == true)
    try Folder.create(folder.path + "/x/y/z")
    #expect(Folder.exists(folder.path + "/x/y/z"))
    try Folder.create(folder.path + "/x/y/z")
    _ = try folder.write("", to: "file")
    #expect(errorMessage { try Folder.create(folder.path + "/file/sub") }?.contains("Not a directory") == true)
  }

  @Test("files below a folder are listed in one order, hidden ones left out")
  func listing() throws {
    let folder = try ScratchFolder()
    for name in ["b/2.txt", "a/1.txt", "c.txt", ".hidden/x", "a/.y", "B.txt"] { _ = try folder.write("", to: name) }
    #expect(try Folder.filesBelow(folder.path) == ["B.txt", "a/1.txt", "b/2.txt", "c.txt"])
  }
}
