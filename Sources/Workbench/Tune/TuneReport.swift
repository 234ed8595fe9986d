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
  /// What must be said beside the figures.
  package let notes: [String]

  /// Sweeps what was recorded, in place: a copy would hold all of it twice.
  package init(sweeping recorder: inout TuneRecorder, goal: TuneGoal) {
    sweep = recorder.sweep()
    self.recorder = recorder
    self.goal = goal
    // Where there is nothing to catch, every value catches as much.
    proposed = recorder.worth.tally.totals.fraud.events > 0 ? sweep.proposal(goal) : nil
    notes = sweep.notes(recorder, proposed: proposed)
  }

  private var target: TuneTarget { sweep.target }
  private var tally: Tally { recorder.worth.tally }
  private var currencies: [Int] {
    (0..<tally.currencies.count).sorted { tally.currencies[$0] < tally.currencies[$1] }
  }

  /// Reviews of a day on average.
  private func reviewsPerDay(_ row: TuneRow) -> Double? {
    sweep.days > 0 ? Double(row.reviews) / Double(sweep.days) : nil
  }
}

extension TuneReport {
  /// Rows that the text shows; the JSON has all.
  private static let rowsMax = 24

  /// The table of values, the proposal, and what is to be said beside them.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var head = SummaryTable()
    head.add("rule", "\(paint(target.rule.id, .strong)) (\(target.rule.file):\(target.rule.line))")
    head.add("condition", target.condition(with: target.constantText))
    head.add("tried", "\(target.text(with: "…")), now \(target.constantText)")
    head.add(
      "events",
      "\(tally.eventCount) over \(sweep.days) days; the outcome of \(sweep.openCount) hangs on the value")
    var text = head.text + "\n" + table(paint).text
    if sweep.rows.count > Self.rowsMax || sweep.valueCount > sweep.rows.count {
      text +=
        "  \(sweep.valueCount) values make a difference; \(sweep.rows.count) of them with `--format json`\n"
    }
    text += "\n" + proposal(paint)
    for note in notes { text += "\(paint("warning", .caution)): \(note)\n" }
    return text
  }

  private func table(_ paint: Paint) -> TextTable {
    var table = TextTable(paint)
    let heads = [
      "value", "", "fires", "precision", "all rules: precision", "recall", "caught", "false alarms",
      "reviews a day",
      "amount caught", "changes",
    ]
    table.add(heads.map { .init($0, .faint) })
    for index in shown {
      let row = sweep.rows[index]
      let mark =
        (row.isCurrent ? "now" : "") + (index == proposed && index != sweep.current ? "proposed" : "")
      let style: Paint.Style? = mark.isEmpty ? nil : row.isCurrent ? .strong : .good
      table.add([
        .init("\(target.comparison.order.rawValue) \(row.text)", style), .init(mark, style),
        .init(String(row.fired.raised.events)), .init(row.fired.precision.text),
        .init(row.reviewed.precision.textWithInterval), .init(row.reviewed.recall.textWithInterval),
        .init(String(row.reviewed.caught.events)), .init(String(row.reviewed.falseAlarms.events)),
        .init(reviewsText(row)), .init(amounts(row.reviewed.caught)), .init(changes(row)),
      ])
    }
    return table
  }

  /// Where there are too many rows: the present and the proposed value, and of the others every so many.
  private var shown: [Int] {
    guard sweep.rows.count > Self.rowsMax else { return Array(sweep.rows.indices) }
    let step = (sweep.rows.count + Self.rowsMax - 5) / (Self.rowsMax - 4)
    return sweep.rows.indices.filter {
      $0 % step == 0 || $0 == sweep.current || $0 == proposed || $0 == sweep.rows.count - 1
    }
  }

  private func reviewsText(_ row: TuneRow) -> String {
    guard let mean = reviewsPerDay(row) else { return Rate.none }
    let tenths = Int((mean * 10).rounded())
    return "\(tenths / 10).\(tenths % 10) (most \(row.reviewsOfBusiestDay))"
  }

  private func amounts(_ stake: Stake) -> String {
    let texts = currencies.filter { stake.amount($0) != 0 }.map {
      MoneyText.text(stake.amount($0), tally.currencies[$0])
    }
    return texts.joined(separator: ", ")
  }

  private func changes(_ row: TuneRow) -> String {
    ordered(row).map { "\($0.change.before.rawValue)→\($0.change.after.rawValue) \($0.stakes.events)" }
      .joined(separator: ", ")
  }

  private func ordered(_ row: TuneRow) -> [(change: OutcomeChange, stakes: StakesByTruth)] {
    row.changes.map { (change: $0.key, stakes: $0.value) }.sorted {
      ($0.change.before, $0.change.after) < ($1.change.before, $1.change.after)
    }
  }

  private func proposal(_ paint: Paint) -> String {
    let wish = goal.text(sweep)
    guard let proposed else {
      let isPointless = tally.totals.fraud.events == 0
      let why = isPointless ? "no event of the stream is labelled as fraud" : "no value has \(wish)"
      return "\(paint("no proposal", .strong)): \(why)\n"
    }
    guard proposed != sweep.current else {
      return "\(paint("keep it", .strong)): with \(wish), no other value catches more than "
        + "`\(target.text(with: sweep.rows[proposed].text))`\n"
    }
    let (now, row) = (sweep.rows[sweep.current], sweep.rows[proposed])
    return "\(paint("proposal", .good)): `\(target.text(with: row.text))` catches most with \(wish)\n"
      + "  precision \(now.reviewed.precision.text) → \(row.reviewed.precision.textWithInterval), "
      + "recall \(now.reviewed.recall.text) → \(row.reviewed.recall.textWithInterval)\n"
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
      .init("events", .count(tally.eventCount)), .init("open_events", .count(sweep.openCount)),
      .init("days", .count(sweep.days)), .init("value_count", .count(sweep.valueCount)),
    ]
    if let labels = recorder.worth.labels { members.append(.init("labels", labels.json)) }
    members.append(.init("values", .array(sweep.rows.indices.map(json))))
    members.append(.init("proposal", proposalJSON))
    members.append(.init("notes", .array(notes.map { .string($0) })))
    return JSONValue.object(members).encoded() + "\n"
  }

  private func json(_ index: Int) -> JSONValue {
    let row = sweep.rows[index]
    let changes = ordered(row).map { entry in
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
