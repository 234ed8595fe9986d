internal import Assay
internal import CEL
internal import RuleSets

/// What tuning found, for people and for programs.
package struct TuneReport: Sendable {
  package let recorder: TuneRecorder
  package let sweep: TuneSweep
  package let goal: TuneGoal
  /// The row of the proposed value; nil where no value keeps the goal.
  package let proposed: Int?
  /// Why no value can be proposed, whatever the figures; nil where one can.
  private let obstacle: String?
  /// What must be said beside the figures.
  package let notes: [String]

  /// Sweeps what was recorded, in place: a copy would hold all of it twice.
  package init(sweeping recorder: inout TuneRecorder, goal: TuneGoal) {
    sweep = recorder.sweep()
    self.recorder = recorder
    self.goal = goal
    obstacle = Self.obstacle(sweep, recorder.worth.tally, goal)
    proposed = obstacle == nil ? sweep.proposal(goal) : nil
    notes = sweep.notes(recorder, proposed: proposed)
  }

  private var target: TuneTarget { sweep.target }
  var tally: Tally { recorder.worth.tally }
  var currencies: [Int] {
    (0..<tally.currencies.count).sorted { tally.currencies[$0] < tally.currencies[$1] }
  }

  private static func obstacle(_ sweep: TuneSweep, _ tally: Tally, _ goal: TuneGoal) -> String? {
    if sweep.outcomeCount == 0 { return "no value of this threshold changes any outcome" }
    // Where there is nothing to catch, every value catches as much.
    if tally.totals.fraud.events == 0 { return "no event of the stream is labelled as fraud" }
    if goal.least(sweep) == nil {
      return
        "nothing of known truth is raised now, so there is no precision to keep: give one with `--precision`"
    }
    return nil
  }

  /// Why there is no proposal; nil where there is one.
  private var whyNone: String? {
    guard proposed == nil else { return nil }
    return obstacle ?? "no value has \(goal.text(sweep))"
  }

  /// Reviews of a day on average.
  func reviewsPerDay(_ row: TuneRow) -> Double? {
    sweep.days > 0 ? Double(row.reviews) / Double(sweep.days) : nil
  }
}

extension TuneReport {
  /// The table of values, the proposal, and what is to be said beside them.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var head = SummaryTable()
    head.add("rule", "\(paint(target.rule.id, .strong)) (\(target.rule.file):\(target.rule.line))")
    head.add("condition", target.condition(with: target.constantText))
    head.add("tried", "\(target.text(with: "…")), now \(target.constantText)")
    head.add(
      "events",
      "\(tally.eventCount) over \(Counted.text(sweep.days, "day")); the value decides whether the rule "
        + "fires for \(sweep.answerCount), and the outcome of \(sweep.outcomeCount)")
    if let choice = recorder.worth.amountChoice { head.add("amounts", choice) }
    let table = TuneTable(self)
    var text = head.text + "\n" + table.text(paint)
    if !table.isWhole {
      text +=
        "  \(sweep.valueCount) values make a difference; \(sweep.rows.count) of them with `--format json`\n"
    }
    text += "\n" + proposal(paint)
    for note in notes { text += "\(paint("warning", .caution)): \(note)\n" }
    return text
  }

  private func proposal(_ paint: Paint) -> String {
    let wish = goal.text(sweep)
    guard let proposed else { return "\(paint("no proposal", .strong)): \(whyNone ?? "")\n" }
    guard proposed != sweep.current else {
      return "\(paint("keep it", .strong)): with \(wish), no other value catches more than "
        + "`\(target.text(with: sweep.rows[proposed].text))`\n"
    }
    let (now, row) = (sweep.rows[sweep.current], sweep.rows[proposed])
    let blocks =
      row.changesBlocks
      ? "  of blocks: precision \(now.blocked.precision.text) → \(row.blocked.precision.textWithInterval), "
        + "honest events blocked \(now.blocked.falseAlarms.events) → \(row.blocked.falseAlarms.events)\n" : ""
    return "\(paint("proposal", .good)): `\(target.text(with: row.text))` catches most with \(wish)\n"
      + "  precision \(now.reviewed.precision.text) → \(row.reviewed.precision.textWithInterval), "
      + "recall \(now.reviewed.recall.text) → \(row.reviewed.recall.textWithInterval)\n" + blocks
      + "  in \(target.rule.file), rule `\(target.rule.id)`: when: \(target.condition(with: row.text))\n"
  }
}

extension TuneReport {
  /// One JSON object: amounts in minor units, shares between 0 and 1, null where there is nothing to divide by.
  package func json() -> String {
    var members: [JSONValue.Member] = [
      .init("rule", .string(target.rule.id)), .init("file", .string(target.rule.file)),
      .init("line", .count(target.rule.line)),
      .init("condition", .string(target.condition(with: target.constantText))),
      .init("comparison", .count(target.number)), .init("value_of", .string(target.valueText)),
      .init("operator", .string(target.comparison.order.rawValue)),
      .init("current", .string(target.constantText)),
      .init("events", .count(tally.eventCount)), .init("open_answers", .count(sweep.answerCount)),
      .init("open_events", .count(sweep.outcomeCount)),
      .init("days", .count(sweep.days)), .init("value_count", .count(sweep.valueCount)),
    ]
    members.append(.init("amount", recorder.worth.amountField.path.map { .string($0) } ?? .null))
    if let labels = recorder.worth.labels { members.append(.init("labels", labels.json)) }
    members.append(.init("values", .array(sweep.rows.indices.map(json))))
    members.append(.init("proposal", proposalJSON))
    if let whyNone { members.append(.init("no_proposal", .string(whyNone))) }
    members.append(.init("notes", .array(notes.map { .string($0) })))
    return JSONValue.object(members).encoded() + "\n"
  }

  private func json(_ index: Int) -> JSONValue {
    let row = sweep.rows[index]
    let changes = row.orderedChanges.map { entry in
      JSONValue.object([
        .init("from", .string(entry.change.before.rawValue)),
        .init("to", .string(entry.change.after.rawValue)),
        .init("events", tally.json(entry.stakes)),
      ])
    }
    return .object([
      .init("value", .string(row.text)), .init("current", .bool(row.isCurrent)),
      .init("proposed", .bool(index == proposed)), .init("fired", tally.json(row.fired)),
      .init(
        "outcomes",
        .object(CatchLevel.allCases.map { .init($0.rawValue, tally.json(row.raised[$0] ?? Confusion())) })),
      .init("reviews", .count(row.reviews)), .init("reviews_per_day", .share(reviewsPerDay(row))),
      .init("reviews_of_busiest_day", .count(row.reviewsOfBusiestDay)), .init("changes", .array(changes)),
    ])
  }

  private var proposalJSON: JSONValue {
    guard let proposed else { return .null }
    let text = sweep.rows[proposed].text
    return .object([
      .init("value", .string(text)), .init("is_change", .bool(proposed != sweep.current)),
      .init("condition", .string(target.condition(with: text))), .init("goal", .string(goal.text(sweep))),
    ])
  }
}
