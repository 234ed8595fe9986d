extension WorthReport {
  /// For a terminal: columns as wide as they need to be.
  package var text: String {
    tables.map { "\($0.title)\n\(Self.columns($0))" }.joined(separator: "\n") + "\n"
      + remarks.map { $0 + "\n" }.joined()
  }

  /// For a page: tables between blank lines, then a list of what they do not say.
  package var markdown: String {
    tables.map { "### \($0.title)\n\n\(Self.markdown($0))" }.joined(separator: "\n") + "\n"
      + remarks.map { "- \($0)\n" }.joined()
  }

  private static func columns(_ table: FigureTable) -> String {
    let rows = [table.heads] + table.rows
    let widths = table.heads.indices.map { column in
      rows.reduce(0) { max($0, column < $1.count ? $1[column].count : 0) }
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, cell in
        let blanks = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + blanks : blanks + cell
      }
      return "  " + cells.joined(separator: "  ") + "\n"
    }.joined()
  }

  private static func markdown(_ table: FigureTable) -> String {
    let line = table.heads.indices.map { $0 == 0 ? "---" : "---:" }
    return ([table.heads, line] + table.rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }
}
