/// A table of the page.
struct ReportTable {
  /// A column: its name and how its cells stand.
  struct Column {
    var name: Markup
    var isNumber = false
    /// What the name means, as a tip and for readers of screens.
    var meaning: String?
  }

  /// A cell; `value` is what it is sorted by where its text is not.
  struct Cell {
    var content: Markup
    var value: Double?

    init(_ content: Markup, value: Double? = nil) { (self.content, self.value) = (content, value) }
    /// A number of things.
    init(count: Int) { self.init("\(grouped(count))", value: Double(count)) }
    /// A part of a whole.
    init(share: Share) { self.init("\(Figure.percent(share))", value: share.value ?? -1) }
  }

  var caption: Markup
  var columns: [Column]
  var rows: [[Cell]] = []
  var isSortable = false
  /// For the page's script.
  var id: String?

  /// The table in a box that scrolls where the screen is too narrow.
  var markup: Markup {
    let identity: Markup = id.map { " id=\"\($0)\"" } ?? ""
    let kind: Markup = isSortable ? " class=\"sortable\"" : ""
    let body = rows.map { row in Markup.joined(row.indices.map { cell(row[$0], at: $0) }) }
    return """
      <div class="scroll" tabindex="0" role="group" aria-label="table"><table\(identity)\(kind)>
      <caption>\(caption)</caption>
      <thead><tr>\(columns.map(heading))</tr></thead>
      <tbody>\(body.map { "<tr>\($0)</tr>\n" })</tbody></table></div>
      """
  }

  /// The table behind a word that opens it.
  func folded(_ summary: Markup) -> Markup {
    "<details><summary>\(summary)</summary>\(markup)</details>\n"
  }

  private func heading(_ column: Column) -> Markup {
    let kind: Markup = column.isNumber ? " class=\"n\"" : ""
    let tip: Markup = column.meaning.map { " title=\"\($0)\"" } ?? ""
    let name: Markup =
      isSortable && !column.name.text.isEmpty
      ? "<button type=\"button\">\(column.name)</button>" : column.name
    return "<th scope=\"col\"\(kind)\(tip)>\(name)</th>"
  }

  private func cell(_ cell: Cell, at index: Int) -> Markup {
    let value: Markup = isSortable ? cell.value.map { " data-value=\"\(String($0))\"" } ?? "" : ""
    if index == 0 { return "<th scope=\"row\"\(value)>\(cell.content)</th>" }
    let kind: Markup = columns.indices.contains(index) && columns[index].isNumber ? " class=\"n\"" : ""
    return "<td\(kind)\(value)>\(cell.content)</td>"
  }
}
