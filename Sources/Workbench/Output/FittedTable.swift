/// A table that keeps to a width. Where columns do not fit beside each other, the widest are narrowed and their cells
/// broken at blanks; where that is not enough, or would leave little of the column that may stand apart, that column's
/// cells stand below their rows; and where nothing else helps, all cells do, each behind the head of its column. No word
/// is ever cut: half a number is another number.
///
/// A no-break space keeps two words together and is shown as a blank.
struct FittedTable {
  private static let indent = 2
  /// Of what stands below its row.
  private static let indentBelow = 6
  /// What a column of text keeps, whatever the width.
  private static let narrowest = 12
  /// What the column that may stand apart needs to stay beside the others.
  private static let apartMin = 40

  private let paint: Paint
  private let width: Int
  /// Empty where no heads are shown.
  private let heads: [String]
  /// Columns of numbers, which stand at the right.
  private let numbers: Set<Int>
  private let apart: Int?
  private var rows: [[TextTable.Cell]] = []

  init(_ paint: Paint, width: Int, heads: [String], numbers: Set<Int>, apart: Int?) {
    (self.paint, self.width, self.heads) = (paint, width, heads)
    (self.numbers, self.apart) = (numbers, apart)
  }

  mutating func add(_ row: [TextTable.Cell]) { rows.append(row) }

  /// The heads and the rows, each of as many lines as it needs.
  var text: String {
    let (head, rows) = layout
    return (head + rows).joined()
  }

  /// The lines of the heads, and those of each row.
  private var layout: (head: [String], rows: [String]) {
    let widths = widths
    if fits(widths), apart.map({ $0 >= widths.count || hasRoom($0, widths) }) ?? true {
      let head = heads.isEmpty ? [] : [text(of: heads.map { TextTable.Cell($0, .faint) }, widths)]
      return (head, rows.map { text(of: $0, widths) })
    }
    guard let apart else { return ([], rows.map(stacked)) }
    let further = Array(heads.prefix(apart))
    var rest = FittedTable(paint, width: width, heads: further, numbers: numbers, apart: nil)
    rest.rows = rows.map { row in Array(row.prefix(apart)) }
    let (head, texts) = rest.layout
    return (
      head,
      zip(rows, texts).map { row, text in row.indices.contains(apart) ? text + below(row[apart]) : text }
    )
  }

  private func fits(_ widths: [Int]) -> Bool {
    widths.reduce(0) { $0 + ($1 > 0 ? $1 + Self.indent : 0) } <= width
  }

  /// Whether the column that may stand apart has as much room as it wants, or enough.
  private func hasRoom(_ column: Int, _ widths: [Int]) -> Bool {
    widths[column] >= min(Self.apartMin, most(\.count)[column])
  }

  /// The most that `size` says of a cell of each column.
  private func most(_ size: (String) -> Int) -> [Int] {
    let columns = max(heads.count, rows.map(\.count).max() ?? 0)
    var most = (0..<columns).map { heads.indices.contains($0) ? size(heads[$0]) : 0 }
    for row in rows {
      for (column, cell) in row.enumerated() { most[column] = max(most[column], size(cell.text)) }
    }
    return most
  }

  /// Of the columns beside each other; more than fits where words are too long.
  private var widths: [Int] {
    let natural = most(\.count)
    let words = most { $0.split(separator: " ").map(\.count).max() ?? 0 }
    let floors = natural.indices.map { column in
      numbers.contains(column) ? natural[column] : min(natural[column], max(Self.narrowest, words[column]))
    }
    var widths = zip(natural, floors).map { max($1, min($0, width)) }
    var excess = widths.reduce(0) { $0 + ($1 > 0 ? $1 + Self.indent : 0) } - width
    // From the widest first.
    while excess > 0 {
      let candidates = widths.indices.filter { widths[$0] > floors[$0] }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}

/// One row.
extension FittedTable {
  private func text(of row: [TextTable.Cell], _ widths: [Int]) -> String {
    let cells = row.enumerated().filter { widths[$0.offset] > 0 }.map { column, cell in
      (column: column, style: cell.style, lines: Self.lines(cell.text, width: widths[column]))
    }
    var text = ""
    for number in 0..<(cells.map(\.lines.count).max() ?? 1) {
      var blanks = 0
      for cell in cells {
        let part = number < cell.lines.count ? cell.lines[number] : ""
        let rest = max(0, widths[cell.column] - part.count)
        let isNumber = numbers.contains(cell.column)
        blanks += Self.indent + (isNumber ? rest : 0)
        if !part.isEmpty {
          text += String(repeating: " ", count: blanks) + (cell.style.map { paint(part, $0) } ?? part)
          blanks = 0
        }
        if !isNumber { blanks += rest }
      }
      text += "\n"
    }
    return text
  }

  private func below(_ cell: TextTable.Cell) -> String {
    if cell.text.isEmpty { return "" }
    let blanks = String(repeating: " ", count: Self.indentBelow)
    return Self.lines(cell.text, width: width - Self.indentBelow).map { line in
      blanks + (cell.style.map { paint(line, $0) } ?? line) + "\n"
    }.joined()
  }

  /// The first cell, and below it the others behind their heads.
  private func stacked(_ row: [TextTable.Cell]) -> String {
    let parts = row.enumerated().dropFirst().filter { !$0.element.text.isEmpty }.map { column, cell in
      let head = heads.indices.contains(column) && !heads[column].isEmpty ? heads[column] + " " : ""
      return (head + cell.text).replacing(" ", with: "\u{A0}").replacing(",\u{A0}", with: ", ")
    }
    let first = row.first.map { $0.text.isEmpty ? "" : text(of: [$0], [$0.text.count]) } ?? ""
    return first + below(TextTable.Cell(parts.joined(separator: "; ")))
  }

  private static func lines(_ text: String, width: Int) -> [String] {
    Wrapping.lines(text, width: width).map { line in line.replacingScalars { $0 == "\u{A0}" ? " " : nil } }
  }
}
