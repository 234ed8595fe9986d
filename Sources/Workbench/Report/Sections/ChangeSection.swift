internal import RuleSets

/// Which decisions are others than under the rules that the report compares with.
struct ChangeSection {
  let context: ReportContext

  var markup: Markup {
    guard let changes = context.report.changes else { return "" }
    return ReportContext.section(
      "changes", "Changed decisions",
      """
      <p class="remark">\(introduction(changes))</p>
      \(matrix(changes))\(responsible(changes))\(samples(changes))
      """)
  }

  private func introduction(_ changes: ReplayReport.DecisionChanges) -> Markup {
    let refused: Markup =
      changes.refusedByOne > 0
      ? " \(ReportContext.number(changes.refusedByOne, "event", "events")) only one of the two takes." : ""
    return """
      Compared with <b>\(changes.baseline.name)</b> \(Hash.markup(changes.baseline.version)), which reviews from \
      \(changes.baseline.thresholds.review) and blocks from \(changes.baseline.thresholds.block), \
      \(ReportContext.number(changes.changed, "decision", "decisions")) changed. Each set of rules had windows of its \
      own.\(refused)
      """
  }

  private func matrix(_ changes: ReplayReport.DecisionChanges) -> Markup {
    let rows = Outcome.allCases.map { before -> [ReportTable.Cell] in
      [.init("\(before.rawValue) before")]
        + Outcome.allCases.map { after in
          cell(changes.cells[before.rank][after.rank], isSame: before == after)
        }
    }
    return ReportTable(
      caption: "Events by outcome before and now",
      columns: [.init(name: "")] + Outcome.allCases.map { .init(name: "\($0.rawValue) now", isNumber: true) },
      rows: rows
    ).markup
  }

  private func cell(_ cell: ReplayReport.DecisionChanges.Cell, isSame: Bool) -> ReportTable.Cell {
    if isSame { return .init("<span class=\"same\">\(Figure.count(cell.count))</span>") }
    guard cell.count > 0 else { return .init("<span class=\"same\">0</span>") }
    let frauds: Markup =
      context.report.hasLabels ? "<small>\(ReportContext.number(cell.frauds, "fraud", "frauds"))</small>" : ""
    let amount: Markup =
      cell.amounts.contains { $0 != 0 } ? "<small>\(context.amounts(cell.amounts))</small>" : ""
    return .init("<b>\(Figure.count(cell.count))</b>\(frauds)\(amount)")
  }

  private func responsible(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard !changes.responsible.isEmpty else { return "" }
    let rows = changes.responsible.map { part -> [ReportTable.Cell] in
      [
        .init("<code>\(part.rule)</code>"), .init(part.isNew ? "fires now" : "fired before"),
        .init(count: part.count),
      ]
    }
    return ReportTable(
      caption: "Rules that fire under one of the two only, in decisions that changed",
      columns: [.init(name: "Rule"), .init(name: ""), .init(name: "Decisions", isNumber: true)], rows: rows
    ).markup
  }

  private func samples(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard !changes.samples.isEmpty else { return "" }
    let hasLabels = context.report.hasLabels
    let rows = changes.samples.map { sample -> [ReportTable.Cell] in
      let rules =
        sample.gained.map { "+ <code>\($0)</code>" as Markup } + sample.lost.map { "− <code>\($0)</code>" }
      var cells: [ReportTable.Cell] = [
        .init("<code>\(sample.event)</code>"), .init("\(sample.before.rawValue) → \(sample.after.rawValue)"),
        .init("\(sample.scoreBefore) → \(sample.scoreAfter)"), .init(.joined(rules, by: " ")),
      ]
      if hasLabels { cells.append(.init("\(String(describing: sample.truth))")) }
      return cells
    }
    var columns: [ReportTable.Column] = [
      .init(name: "Event"), .init(name: "Outcome"), .init(name: "Score"), .init(name: "Rules"),
    ]
    if hasLabels { columns.append(.init(name: "Truth")) }
    return ReportTable(caption: "The first of them, the gravest kinds first", columns: columns, rows: rows)
      .folded("Examples")
  }
}

/// A content hash, short enough to be read and whole where it is pointed at.
enum Hash {
  private static let shownMax = 19

  static func markup(_ version: String) -> Markup {
    "<code title=\"\(version)\">\(String(version.prefix(shownMax)))\(version.count > shownMax ? "…" : "")</code>"
  }
}
