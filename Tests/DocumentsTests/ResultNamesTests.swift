import Documents
import Testing

@Suite struct ResultNamesTests {
  @Test("a name that is taken gets a number, or its folders where they are wanted")
  func unique() {
    var names = ResultNames()
    #expect(["a/x.jpg", "x.png", "x-2.jpg", "x.jpg"].map { names.next($0) } == ["x", "x-2", "x-2-2", "x-3"])
    var whole = ResultNames()
    #expect(["a/x.jpg", "b/x.jpg", "../x.jpg"].map { whole.next($0, keepsFolders: true) } == ["x", "b/x", "x-2"])
  }
}
