import Documents
import Foundation
import Imaging

/// A report in one HTML file that needs nothing beside it: no network, no scripts, style and pictures inside.
///
/// All texts are escaped. It follows the reader's choice of a light or dark page.
public struct HTMLReport: Sendable {
  private enum Part: Sendable {
    case heading(String)
    case paragraph(String)
    case settings([(name: String, value: String)])
    case table(MetricTable, caption: String, shades: [[Double]])
    case legend([(color: RGB, text: String)])
    case plots([any Drawing])
    case pictures([Picture])
    case code(String)
  }

  /// A picture, kept in the file itself.
  public struct Picture: Sendable {
    /// The bytes of a JPEG or PNG file.
    public var bytes: [UInt8]
    /// The text below it.
    public var caption: String

    /// A picture from the bytes of its file.
    public init(bytes: [UInt8], caption: String) {
      self.bytes = bytes
      self.caption = caption
    }

    /// A picture from a JPEG or PNG file.
    public init(path: String, caption: String) throws(DocumentError) {
      let file = try MappedFile(path: path)
      let bytes = withExtendedLifetime(file) { Array(file.bytes) }
      guard Self.kind(of: bytes) != nil else { throw .content(file: path, reason: "is neither a JPEG nor a PNG file") }
      self.init(bytes: bytes, caption: caption)
    }

    /// The picture's type by its first bytes.
    static func kind(of bytes: [UInt8]) -> String? {
      if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
      return bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) ? "image/png" : nil
    }
  }

  private let title: String
  private let subtitle: String
  private var parts: [Part] = []

  /// An empty report.
  ///
  /// - Parameters:
  ///   - title: the heading and the name of the page.
  ///   - subtitle: a line below it, such as the command that was run.
  public init(title: String, subtitle: String = "") {
    self.title = title
    self.subtitle = subtitle
  }

  /// Begins a section.
  public mutating func addHeading(_ text: String) { parts.append(.heading(text)) }

  /// Adds a paragraph of plain text.
  public mutating func addParagraph(_ text: String) { parts.append(.paragraph(text)) }

  /// Adds names and values, such as the settings of a run.
  public mutating func addSettings(_ settings: [(name: String, value: String)]) { parts.append(.settings(settings)) }

  /// Adds a table.
  ///
  /// - Parameter shades: how strongly each cell is coloured, 0…1, row by row; cells beyond them are not.
  public mutating func addTable(_ table: MetricTable, caption: String = "", shades: [[Double]] = []) {
    parts.append(.table(table, caption: caption, shades: shades))
  }

  /// Adds what the colours in pictures mean.
  public mutating func addLegend(_ entries: [(color: RGB, text: String)]) { parts.append(.legend(entries)) }

  /// Adds plots, side by side where the page is wide enough.
  public mutating func addPlots(_ plots: [any Drawing]) { parts.append(.plots(plots)) }

  /// Adds pictures, side by side where the page is wide enough.
  public mutating func addPictures(_ pictures: [Picture]) { parts.append(.pictures(pictures)) }

  /// Adds text that is kept as it is, in letters of one width.
  public mutating func addCode(_ text: String) { parts.append(.code(text)) }

  /// The whole page.
  public var html: String {
    var lines = [
      "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta name=\"color-scheme\" content=\"light dark\">", "<title>\(XMLDocument.escaped(title))</title>",
      "<style>\(Self.style)</style>", "</head>", "<body>", "<h1>\(XMLDocument.escaped(title))</h1>",
    ]
    if !subtitle.isEmpty { lines.append("<p class=\"subtitle\">\(XMLDocument.escaped(subtitle))</p>") }
    lines += parts.map(Self.html)
    lines += ["</body>", "</html>", ""]
    return lines.joined(separator: "\n")
  }

  /// Writes the page to a file, whole or not at all.
  public func write(to path: String) throws(DocumentError) { try AtomicFile.write(html, to: path) }

  private static func html(_ part: Part) -> String {
    switch part {
    case .heading(let text): return "<h2>\(XMLDocument.escaped(text))</h2>"
    case .paragraph(let text): return "<p>\(XMLDocument.escaped(text))</p>"
    case .code(let text): return "<pre>\(XMLDocument.escaped(text))</pre>"
    case .settings(let settings):
      let rows = settings.map {
        "<tr><th>\(XMLDocument.escaped($0.name))</th><td>\(XMLDocument.escaped($0.value))</td></tr>"
      }
      return "<table class=\"settings\">\n" + rows.joined(separator: "\n") + "\n</table>"
    case .table(let table, let caption, let shades): return html(table, caption, shades)
    case .legend(let entries):
      let items = entries.map { entry in
        let (color, text) = (entry.color, XMLDocument.escaped(entry.text))
        return "<li><span style=\"background: rgb(\(color.r) \(color.g) \(color.b))\"></span>\(text)</li>"
      }
      return "<ul class=\"legend\">" + items.joined() + "</ul>"
    case .plots(let plots):
      return figures(plots.map { "<figure>\($0.svg(width: 560, height: 320, isStandalone: false))</figure>" })
    case .pictures(let pictures):
      return figures(
        pictures.map { picture in
          let kind = Picture.kind(of: picture.bytes) ?? "application/octet-stream"
          let caption = XMLDocument.escaped(picture.caption)
          return "<figure><img alt=\"\(caption)\" src=\"data:\(kind);base64,"
            + "\(Data(picture.bytes).base64EncodedString())\"><figcaption>\(caption)</figcaption></figure>"
        })
    }
  }

  private static func html(_ table: MetricTable, _ caption: String, _ shades: [[Double]]) -> String {
    func row(_ texts: [String], _ tag: String, _ shades: [Double] = []) -> String {
      let cells = zip(texts, table.columns).enumerated().map { place, cell in
        let kind = cell.1.alignment == .right ? " class=\"number\"" : ""
        let shade = place < shades.count ? min(max(shades[place], 0), 1) : 0
        // Not so strong that the text could not be read on it, on a light page or a dark one.
        let style = shade > 0 ? " style=\"background: rgb(0 114 178 / \(NumberText.fixed(60 * shade, 1))%)\"" : ""
        return "<\(tag)\(kind)\(style)>\(XMLDocument.escaped(cell.0))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let heading = caption.isEmpty ? "" : "<caption>\(XMLDocument.escaped(caption))</caption>"
    let rows = table.rows.enumerated().map { row($1, "td", $0 < shades.count ? shades[$0] : []) }
      .joined(separator: "\n")
    return "<div class=\"wide\"><table>\(heading)\n<thead>\(row(table.columns.map(\.title), "th"))</thead>\n"
      + "<tbody>\n\(rows)\n</tbody>\n</table></div>"
  }

  private static func figures(_ figures: [String]) -> String {
    "<div class=\"figures\">\n" + figures.joined(separator: "\n") + "\n</div>"
  }

  private static let style = """

    :root { --ink: #1d2127; --faint: #5b6570; --ground: #ffffff; --line: #d9dee3; --card: #f6f8fa; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e4e8ec; --faint: #9aa5b1; --ground: #14171a; --line: #333a41; --card: #1c2024; }
    }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 1180px;
      margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; }
    .subtitle { color: var(--faint); font-family: ui-monospace, monospace; font-size: .85rem; overflow-wrap: anywhere; }
    table { border-collapse: collapse; margin: .6rem 0; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--faint); padding-bottom: .3rem; }
    th, td { padding: .25rem .8rem; border-bottom: 1px solid var(--line); text-align: left; }
    th { font-weight: 600; } th.number, td.number { text-align: right; }
    .settings th { font-weight: 400; color: var(--faint); } .settings td { overflow-wrap: anywhere; }
    .figures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; margin: 1rem 0; }
    figure { margin: 0; padding: .6rem; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
    figure svg, figure img { display: block; max-width: 100%; height: auto; }
    figcaption { color: var(--faint); font-size: .85rem; padding-top: .4rem; }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; padding: 0; }
    .legend span { display: inline-block; width: .9rem; height: .9rem; margin-right: .4rem; vertical-align: -.1rem;
      border: 1px solid var(--faint); }
    .wide { overflow-x: auto; }
    pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .8rem; overflow-x: auto; }

    """
}
