internal import RuleSets

/// Which decisions are others than under the rules that the report compares with.
struct ChangeSection {
  let context: ReportContext

  var markup: Markup {
    guard let changes = context.report.changes else { return "" }
    let tables: Markup =
      changes.changed == 0
      ? "" : "\(matrix(changes))\(worth(changes))\(responsible(changes))\(samples(changes))"
    return ReportContext.section(
      "changes", "Changed decisions",
      """
      <p class="remark">\(introduction(changes))</p>
      \(tables)
      """)
  }

  private func introduction(_ changes: ReplayReport.DecisionChanges) -> Markup {
    let refused: Markup =
      changes.refusedByOne > 0
      ? " \(ReportContext.number(changes.refusedByOne, "event", "events")) only one of the two takes." : ""
    return """
      Compared with <b>\(changes.baseline.name)</b> \(Hash.markup(changes.baseline.version)), which reviews from \
      \(changes.baseline.thresholds.review) and blocks from \(changes.baseline.thresholds.block), \
      \(changes.changed == 0 ? "no decision" : ReportContext.number(changes.changed, "decision", "decisions")) changed. Each set of rules had windows of its \
      own.\(rescored(changes))\(refused)
      """
  }

  private func rescored(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard changes.rescored > 0 else { return "" }
    return
      " \(ReportContext.number(changes.rescored, "more keeps its", "more keep their")) outcome with another score."
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
    if isSame { return .init("<span class=\"same\">\(grouped(cell.count))</span>") }
    guard cell.count > 0 else { return .init("<span class=\"same\">0</span>") }
    let frauds: Markup =
      context.report.hasLabels ? "<small>\(ReportContext.number(cell.frauds, "fraud", "frauds"))</small>" : ""
    let amount: Markup =
      cell.amounts.contains { $0 != 0 } ? "<small>\(context.amounts(cell.amounts))</small>" : ""
    return .init("<b>\(grouped(cell.count))</b>\(frauds)\(amount)")
  }

  private func worth(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard !changes.worth.isEmpty else { return "" }
    var level: CatchLevel?
    let rows = changes.worth.map { row -> [ReportTable.Cell] in
      defer { level = row.level }
      return [
        .init(row.level == level ? "" : "\(row.level.title)"), .init("\(row.name)"), .init("\(row.before)"),
        .init(row.before == row.after ? "<span class=\"same\">the same</span>" : "\(row.after)"),
      ]
    }
    return ReportTable(
      caption: "Against the labels, over the events that both take",
      columns: [
        .init(name: ""), .init(name: ""), .init(name: "Baseline", isNumber: true),
        .init(name: "Now", isNumber: true),
      ], rows: rows
    ).markup
  }

  private func responsible(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard !changes.parties.isEmpty else { return "" }
    let rows = changes.parties.map { party -> [ReportTable.Cell] in
      let kinds = party.changes.map { "<span class=\"whole-line\">\($0.change.text) \(grouped($0.count))</span>" as Markup }
      return [
        .init("<code class=\"name\">\(party.name)</code>"), .init(count: party.count), .init(.joined(kinds, by: "<br>")),
        .init("\(party.cause)"),
      ]
    }
    return ReportTable(
      caption: "Responsible for the changes; one with several rules behind it counts with each of them",
      columns: [
        .init(name: "Rule"), .init(name: "Decisions", isNumber: true), .init(name: "Changes"),
        .init(name: "What changed in it"),
      ], rows: rows
    ).markup
  }

  private func samples(_ changes: ReplayReport.DecisionChanges) -> Markup {
    guard !changes.samples.isEmpty else { return "" }
    let hasLabels = context.report.hasLabels
    let rows = changes.samples.map { sample -> [ReportTable.Cell] in
      var cells: [ReportTable.Cell] = [
        .init("<code>\(sample.event)</code>"), .init("\(sample.change.text)"),
        .init("\(sample.scoreBefore) → \(sample.scoreAfter)"),
        .init(.joined(sample.parties.map(part), by: "<br>")),
      ]
      if hasLabels { cells.append(.init("\(sample.truth.word)")) }
      return cells
    }
    var columns: [ReportTable.Column] = [
      .init(name: "Event"), .init(name: "Outcome"), .init(name: "Score"), .init(name: "Why"),
    ]
    if hasLabels { columns.append(.init(name: "Truth")) }
    return ReportTable(caption: "The first of them, the gravest kinds first", columns: columns, rows: rows)
      .folded("Examples")
  }

  /// What one rule brought before and now, and its reason.
  private func part(_ part: PartyDifference) -> Markup {
    let reason: Markup = part.reason.map { "<small>\($0)</small>" } ?? ""
    return """
      <code>\(part.party.name)</code> \(part.before ?? Figure.none) → \(part.after ?? Figure.none)\(reason)
      """
  }
}

/// A content hash, short enough to be read and whole where it is pointed at.
enum Hash {
  private static let shownMax = 19

  static func markup(_ version: String) -> Markup {
    "<code title=\"\(version)\">\(String(version.prefix(shownMax)))\(version.count > shownMax ? "…" : "")</code>"
  }
}
