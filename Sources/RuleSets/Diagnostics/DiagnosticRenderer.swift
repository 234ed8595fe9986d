/// Shows diagnostics to people: the message, the place, the source line with the place underlined, the hint.
///
/// ```
/// error[unknown-name]: there is no field, feature or list named `payout_24h`
///   --> rules/velocity.yaml:6:11
///    |
///  6 |     when: payout_24h > 3
///    |           ^^^^^^^^^^
///    = hint: did you mean `payouts_24h`?
/// ```
public struct DiagnosticRenderer: Sendable {
  let sources: SourceFiles
  private let color: Bool

  /// Reads source lines from `sources`; a file that is not there is shown by its name alone.
  public init(sources: SourceFiles, color: Bool = false) {
    self.sources = sources
    self.color = color
  }

  /// All findings, an empty line after each, and how many more there are; empty text for an empty list.
  public func text(_ list: DiagnosticList) -> String {
    var result = list.all.map { text($0) + "\n" }.joined()
    if list.omitted > 0 { result += "and \(list.omitted) more findings that are not shown\n" }
    return result
  }

  /// One finding; ends with a line break.
  public func text(_ diagnostic: Diagnostic) -> String {
    let severity: Style = diagnostic.severity == .error ? .error : .warning
    let excerpt = excerpt(of: diagnostic.place)
    let noteExcerpts = diagnostic.notes.map { note in note.place.flatMap { self.excerpt(of: $0) } }
    let lineMax = ([excerpt] + noteExcerpts).compactMap { $0?.line }.max() ?? 1
    let gutter = Gutter(width: String(lineMax).count)

    var result = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", severity)
    result += paint(": " + VisibleText.of(diagnostic.message), .strong) + "\n"
    result += frame(diagnostic.place, excerpt, gutter, underline: "^", severity)
    if let hint = diagnostic.hint { result += attachment("hint", hint, gutter) }
    for (note, excerpt) in zip(diagnostic.notes, noteExcerpts) {
      guard let place = note.place else {
        result += attachment("note", note.message, gutter)
        continue
      }
      result += paint("note", .strong) + ": " + VisibleText.of(note.message) + "\n"
      result += frame(place, excerpt, gutter, underline: "-", .frame)
    }
    return result
  }

  private func excerpt(of place: Diagnostic.Place) -> SourceExcerpt? {
    guard let span = place.span, let source = sources[place.file] else { return nil }
    return SourceExcerpt(of: span, in: source)
  }

  /// The arrow with the place and, where the source is known, its line.
  private func frame(
    _ place: Diagnostic.Place, _ excerpt: SourceExcerpt?, _ gutter: Gutter, underline: Character,
    _ style: Style
  ) -> String {
    var result = paint(gutter.arrow, .frame) + " " + VisibleText.of(place.file)
    guard let excerpt, let span = place.span, let source = sources[place.file] else { return result + "\n" }
    let position = source.position(of: span.lowerBound)
    result += ":\(position.line):\(position.column)\n"
    result += paint(gutter.bar, .frame) + "\n"
    result += paint(gutter.bar(line: excerpt.line), .frame) + (excerpt.text.isEmpty ? "" : " " + excerpt.text)
    let indent = String(repeating: " ", count: excerpt.marked.lowerBound + 1)
    let marks = String(repeating: underline, count: excerpt.marked.count)
    return result + "\n" + paint(gutter.bar, .frame) + indent + paint(marks, style) + "\n"
  }

  private func attachment(_ label: String, _ text: String, _ gutter: Gutter) -> String {
    paint(gutter.equals, .frame) + " " + paint(label, .strong) + ": " + VisibleText.of(text) + "\n"
  }

  private func paint(_ text: String, _ style: Style) -> String {
    color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// Terminal attributes by what they are for.
  private enum Style: String {
    case error = "1;31"
    case warning = "1;33"
    case frame = "1;34"
    case strong = "1"
  }

  /// The left margin, wide enough for every line number of one diagnostic.
  private struct Gutter {
    let width: Int

    private var blank: String { String(repeating: " ", count: width + 1) }
    var arrow: String { blank + "-->" }
    var bar: String { blank + " |" }
    var equals: String { blank + " =" }

    func bar(line: Int) -> String {
      let number = String(line)
      return String(repeating: " ", count: max(0, width - number.count) + 1) + number + " |"
    }
  }
}
