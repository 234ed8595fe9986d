internal import RuleSets

/// What each rule did and what it is worth.
struct RuleSection {
  let context: ReportContext
  private var report: ReplayReport { context.report }

  var markup: Markup {
    guard !report.rules.isEmpty else {
      return ReportContext.section(
        "rules", "Rules", "<p class=\"remark\">The rule set has no rule that is live or in shadow.</p>")
    }
    return ReportContext.section(
      "rules", "Rules", "<p class=\"remark\">\(introduction)</p>\(fired.isEmpty ? "" : table.markup)\(silent)"
    )
  }

  private var fired: [ReplayReport.RuleRow] { report.rules.filter { $0.hits > 0 } }

  private var introduction: Markup {
    let shadow: Markup =
      report.rules.contains(where: \.isShadow)
      ? " Rules in shadow have no effect: theirs is what they would flag if they were live." : ""
    return """
      At the rule set’s own thresholds. <i>Only this rule</i> counts events that no other rule would have flagged: what \
      would pass without it.\(shadow) Click a heading to sort.
      """
  }

  /// Rules that never fired, apart: they would be most of the table.
  private var silent: Markup {
    let rules = report.rules.filter { $0.hits == 0 }
    guard !rules.isEmpty else { return "" }
    let rows = rules.map { rule -> [ReportTable.Cell] in
      [.init(name(rule)), .init("\(rule.effect)"), .init(count: rule.events), .init(count: rule.unanswered)]
    }
    let unasked = rules.count { $0.events == 0 }
    let unaskedText: Markup =
      unasked == 0
      ? ""
      : unasked == rules.count
        ? ": no event was of a type that they look at"
        : ", of which \(ReportContext.number(unasked, "looks", "look")) at types that no event was of"
    return ReportTable(
      caption: "Rules that fired on no event; without an answer means that a field or feature was missing",
      columns: [
        .init(name: "Rule"), .init(name: "Does"),
        .init(name: "Events", isNumber: true, meaning: "events of the types that it looks at"),
        .init(name: "Without an answer", isNumber: true),
      ],
      rows: rows
    ).folded("\(ReportContext.number(rules.count, "rule", "rules")) never fired\(unaskedText)")
  }

  private var columns: [ReportTable.Column] {
    var columns: [ReportTable.Column] = [
      .init(name: "Rule"), .init(name: "Does", meaning: "the score it adds, or the outcome it decides"),
      .init(name: "Hits", isNumber: true, meaning: "events on which it fired"),
      .init(name: "By day", meaning: "hits by day, each rule to its own scale"),
    ]
    if report.hasLabels {
      columns += [
        .init(name: "Frauds", isNumber: true, meaning: "hits that are fraud"),
        .init(
          name: "Precision", isNumber: true,
          meaning: "share of its labelled hits that are fraud; 95 % interval"),
      ]
    }
    if report.hasAmounts {
      columns.append(
        .init(
          name: report.hasLabels ? "Amount of fraud" : "Amount", isNumber: true,
          meaning: report.hasLabels ? "amount of the frauds among its hits" : "amount of its hits"))
    }
    columns.append(
      .init(name: "Only this rule", isNumber: true, meaning: "events that no other rule would flag"))
    return columns
  }

  private var table: ReportTable {
    let rows = fired.sorted { ($1.hits, $0.id) < ($0.hits, $1.id) }.map(row)
    return ReportTable(
      caption: "Rules, the most frequent first", columns: columns, rows: rows, isSortable: true,
      id: "rule-table")
  }

  private func name(_ rule: ReplayReport.RuleRow) -> Markup {
    let badge: Markup = rule.isShadow ? " <span class=\"badge\">shadow</span>" : ""
    return "<code>\(rule.id)</code>\(badge)<small>\(rule.title)</small>"
  }

  private func row(_ rule: ReplayReport.RuleRow) -> [ReportTable.Cell] {
    var cells: [ReportTable.Cell] = [
      .init(name(rule)), .init("\(rule.effect)", value: Double(rule.score)), .init(count: rule.hits),
      .init(Sparkline.markup(rule.hitsByDay, days: report.days.days), value: Double(rule.hits)),
    ]
    if report.hasLabels {
      let precision = Share(rule.frauds, of: rule.frauds + rule.honest)
      cells += [
        .init(count: rule.frauds),
        .init(
          "\(Figure.percent(precision))<small>\(Figure.interval(precision))</small>",
          value: precision.value ?? -1),
      ]
    }
    if report.hasAmounts {
      cells.append(.init(context.amounts(rule.amounts), value: Double(rule.amounts.first ?? 0)))
    }
    return cells + [only(rule)]
  }

  private func only(_ rule: ReplayReport.RuleRow) -> ReportTable.Cell {
    guard report.hasLabels else { return .init(count: rule.marginalHits) }
    let hits: Markup = "<small>of \(ReportContext.number(rule.marginalHits, "event", "events"))</small>"
    let amount: Markup =
      rule.marginalAmounts.contains { $0 != 0 }
      ? "<small>\(context.amounts(rule.marginalAmounts))</small>" : ""
    return .init(
      "\(ReportContext.number(rule.marginalFrauds, "fraud", "frauds"))\(rule.marginalHits > 0 ? hits : "")\(amount)",
      value: Double(rule.marginalFrauds))
  }
}

extension ReplayReport.RuleRow {
  /// `+40`, `block`, `+40, block`.
  fileprivate var effect: String {
    let parts = [score == 0 && decide != nil ? nil : "+\(score)", decide?.rawValue]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
