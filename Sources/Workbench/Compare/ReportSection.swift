internal import Assay

/// One table of a report, which text for a terminal and Markdown are both made of.
struct ReportSection {
  /// A piece of text and how it is to be set.
  struct Cell {
    enum Kind { case words, code, number }

    let text: String
    let kind: Kind
    let style: Paint.Style?
    /// What stands in Markdown instead, where pieces of the text are set apart.
    let markdown: String

    init(_ text: String, _ kind: Kind = .words, _ style: Paint.Style? = nil, markdown: String? = nil) {
      self.text = text
      self.kind = kind
      self.style = style
      self.markdown = markdown ?? (kind == .code ? MarkdownText.code(text) : MarkdownText.words(text))
    }

    static func number(_ value: Int) -> Cell { Cell(value == 0 ? "" : grouped(value), .number) }
    static func code(_ text: String) -> Cell { Cell(text, .code) }

    /// Sums, each of which stays on one line.
    static func amounts(_ amounts: AmountTotals, namesFields: Bool) -> Cell {
      let text = amounts.text(namesFields: namesFields)
      let parts = amounts.texts(namesFields: namesFields).map { $0.replacing(" ", with: "\u{A0}") }
      return Cell(parts.joined(separator: ", "), markdown: MarkdownText.words(text))
    }
  }

  let title: String
  /// The heads of the columns, shown in Markdown and, where `showsHeads`, on a terminal.
  let heads: [String]
  var showsHeads = true
  /// The last column is words that have lines of their own on a narrow terminal.
  var isLastApart = false
  var rows: [[Cell]] = []
  /// Sentences below the table.
  var notes: [String] = []

  init(_ title: String, _ heads: [String], showsHeads: Bool = true) {
    self.title = title
    self.heads = heads
    self.showsHeads = showsHeads
  }

  var isEmpty: Bool { rows.isEmpty && notes.isEmpty }

  /// The columns in which any row has something.
  private var columns: [Int] {
    heads.indices.filter { column in
      rows.contains { $0.indices.contains(column) && !$0[column].text.isEmpty }
    }
  }

  /// The places of those of `columns` that hold numbers.
  private func numbers(among columns: [Int]) -> Set<Int> {
    Set(
      columns.indices.filter { place in
        rows.contains { $0.indices.contains(columns[place]) && $0[columns[place]].kind == .number }
      })
  }

  /// For a terminal of `width` characters, an empty line before it.
  func text(_ paint: Paint, width: Int) -> String {
    let columns = columns
    var table = FittedTable(
      paint, width: width, heads: showsHeads ? columns.map { heads[$0] } : [],
      numbers: numbers(among: columns),
      apart: isLastApart ? columns.firstIndex(of: heads.count - 1) : nil)
    for row in rows {
      table.add(
        columns.map { column in
          guard row.indices.contains(column) else { return TextTable.Cell("") }
          return TextTable.Cell(VisibleLine.of(row[column].text), row[column].style)
        })
    }
    let lines = notes.flatMap { Wrapping.lines(VisibleLine.of($0), width: width - 2) }
    return "\n\(paint(title, .strong))\n" + table.text + lines.map { "  \($0)\n" }.joined()
  }

  /// For a pull request: the table, and the sentences below it.
  var markdown: String {
    var text = ""
    if !rows.isEmpty {
      let columns = columns
      text += "| " + columns.map { heads[$0] }.joined(separator: " | ") + " |\n"
      let numbers = numbers(among: columns)
      text += "|" + columns.indices.map { numbers.contains($0) ? "---:|" : "---|" }.joined() + "\n"
      for row in rows {
        let cells = columns.map { row.indices.contains($0) ? row[$0].markdown : "" }
        text += "| " + cells.joined(separator: " | ") + " |\n"
      }
    }
    for note in notes { text += "\n\(note)\n" }
    return text
  }
}

/// Text from outside in Markdown: whatever it is, it is shown and does nothing.
enum MarkdownText {
  /// As code: in back-ticks where nothing in it could end them or the cell of a table, else spelled out in HTML.
  static func code(_ text: String) -> String {
    let text = VisibleLine.of(text)
    if text.isEmpty { return "" }
    let breaks = text.utf8.contains { $0 == UInt8(ascii: "`") || $0 == UInt8(ascii: "|") || $0 == 0x5C }
    return breaks ? "<code>\(words(text))</code>" : "`\(text)`"
  }

  /// As words: what Markdown or HTML would act on is written as character references.
  static func words(_ text: String) -> String {
    var result = ""
    for scalar in VisibleLine.of(text).unicodeScalars {
      if acted.contains(scalar) {
        result += "&#\(scalar.value);"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static let acted = Set("&<|\\*_[]#~@$`".unicodeScalars)
}
