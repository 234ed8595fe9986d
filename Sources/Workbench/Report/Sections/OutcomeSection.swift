internal import RuleSets

/// How many events came to each outcome, with their amounts, and which of them were fraud.
struct OutcomeSection {
  let context: ReportContext
  private var report: ReplayReport { context.report }

  var markup: Markup {
    ReportContext.section("outcomes", "Outcomes", "\(bar)\(table.markup)\(remarks)")
  }

  /// The three outcomes as parts of one bar.
  private var bar: Markup {
    let events = context.standing.events
    var start = 0
    let parts = Outcome.allCases.map { outcome -> Markup in
      let count = context.standing.count(outcome)
      let from = Share(start, of: events).value ?? 0
      start += count
      return """
        <rect class="outcome \(outcome.rawValue)" data-bar="\(outcome.rawValue)" x="\(Drawing.percent(from))" \
        width="\(Drawing.percent(Share(count, of: events).value ?? 0))" y="0" height="26"/>
        """
    }
    return Drawing.chart(
      "outcomes", title: "Events by outcome",
      description: "One bar, parted as the outcomes part the events. The figures are in the table below.",
      height: 26,
      Markup.joined(parts))
  }

  private var table: ReportTable {
    var columns: [ReportTable.Column] = [
      .init(name: "Outcome"), .init(name: "Events", isNumber: true), .init(name: "Share", isNumber: true),
    ]
    if report.hasAmounts { columns.append(.init(name: "Amount", isNumber: true)) }
    if report.hasLabels {
      columns += [.init(name: "Fraud", isNumber: true), .init(name: "Honest", isNumber: true)]
      if hasUnknown { columns.append(.init(name: "Unknown", isNumber: true)) }
      if report.hasAmounts { columns.append(.init(name: "Amount of fraud", isNumber: true)) }
    }
    let rows = Outcome.allCases.map { outcome -> [ReportTable.Cell] in
      let name = outcome.rawValue
      var cells = [
        ReportTable.Cell("<span class=\"mark \(name)\"></span>\(name)"), cell(name), cell(name + "-share"),
      ]
      if report.hasAmounts { cells.append(cell(name + "-amount")) }
      if report.hasLabels {
        cells += [cell(name + "-fraud"), cell(name + "-honest")]
        if hasUnknown { cells.append(cell(name + "-unknown")) }
        if report.hasAmounts { cells.append(cell(name + "-fraud-amount")) }
      }
      return cells
    }
    return ReportTable(caption: "Events by outcome at these thresholds", columns: columns, rows: rows)
  }

  private var hasUnknown: Bool { report.profiles.contains { $0.truth == .unknown } }

  private func cell(_ figure: String) -> ReportTable.Cell { .init(context.live(figure)) }

  private var remarks: Markup {
    var remarks: [Markup] = []
    if !report.hasLabels {
      remarks.append(
        """
        Which of these were right is not known: with a file of labels (<code>--labels FILE</code>, a line \
        <code>{"event":"ID","fraud":"KIND"}</code> for each fraud) this report also shows precision, the frauds caught, \
        what each rule is worth, and costs.
        """)
    }
    if !report.hasAmounts {
      remarks.append(
        "The events carry no amount that the schema declares as <code>money</code>, so there are counts only."
      )
    }
    if report.health.breakerChanges > 0 {
      remarks.append(
        """
        The rule set’s breaker turned \(ReportContext.number(report.health.breakerChanges, "block", "blocks")) into \
        reviews. Here they count as what the rules decided.
        """)
    }
    return .joined(remarks.map { "<p class=\"remark\">\($0)</p>\n" })
  }
}
