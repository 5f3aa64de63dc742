import Testing

@testable import Reporting

@Suite("MetricTable")
struct MetricTableTests {
  private var table: MetricTable {
    var table = MetricTable([.init("class", .left), .init("AP")])
    table.append(["a|b", "0.5"])
    table.append(["Zelle (groß)", NumberText.figure(-1)])
    return table
  }

  @Test("Markdown is padded and its bars are escaped")
  func markdown() {
    #expect(
      table.markdown == """
        | class        |  AP |
        | ------------ | --: |
        | a\\|b         | 0.5 |
        | Zelle (groß) |   – |
        """)
  }

  @Test("plain text stands in columns")
  func text() {
    #expect(
      table.text == """
        class          AP
        ────────────  ───
        a|b           0.5
        Zelle (groß)    –
        """)
  }

  @Test("names of wide characters stand in columns, too")
  func wide() {
    var table = MetricTable([.init("class", .left), .init("n")])
    table.append(["血小板", "1"])
    table.append(["세포", "22"])
    table.append(["e\u{301}", "3"])
    let lines = table.text.split(separator: "\n").suffix(3)
    #expect(lines == ["血小板   1", "세포    22", "e\u{301}        3"])
  }

  @Test("a name keeps to its line, and steers no terminal")
  func control() {
    var table = MetricTable([.init("class", .left)])
    table.append(["a\nb\u{1B}[2J\tc"])
    #expect(table.text.split(separator: "\n").last == "a b [2J c")
  }

  @Test(
    "numbers are shown alike everywhere",
    arguments: [(0.12345, 3, "0.123"), (-0.0001, 2, "-0.00"), (12, 0, "12"), (.nan, 2, "nan"), (-.infinity, 1, "-inf")])
  func fixed(_ value: Double, _ decimals: Int, _ text: String) {
    #expect(NumberText.fixed(value, decimals) == text)
  }
}
