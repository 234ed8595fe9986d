/// Columns of text for a terminal, each as wide as its longest cell; what no row has takes no room.
struct TextTable {
  /// One text and how it stands out.
  struct Cell {
    let text: String
    let style: Paint.Style?

    init(_ text: String, _ style: Paint.Style? = nil) {
      self.text = text
      self.style = style
    }
  }

  private static let indent = "  "
  /// A longer cell pushes what follows it, and does not widen the column for all.
  private static let widthMax = 40
  private let paint: Paint
  private var rows: [[Cell]] = []

  init(_ paint: Paint) { self.paint = paint }

  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// A line for each row.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.reduce(0) { width, row in
        column < row.count ? max(width, min(row[column].text.count, Self.widthMax)) : width
      }
    }
    return rows.map { line($0, widths) + "\n" }.joined()
  }

  private func line(_ row: [Cell], _ widths: [Int]) -> String {
    let last = row.lastIndex { !$0.text.isEmpty } ?? -1
    var line = ""
    for (index, cell) in row.enumerated() where index <= last && widths[index] > 0 {
      let painted = cell.style.map { cell.text.isEmpty ? "" : paint(cell.text, $0) } ?? cell.text
      line += Self.indent + painted
      if index < last { line += String(repeating: " ", count: max(0, widths[index] - cell.text.count)) }
    }
    return line
  }
}
