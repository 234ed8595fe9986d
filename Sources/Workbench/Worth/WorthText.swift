internal import Assay

/// What a replay was worth, for people.
extension WorthRecorder {
  /// Rows of a table that the text shows; the JSON has all.
  private static let rowsMax = 24

  /// Tables under the replay's own summary.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var text = header(paint)
    text += section("outcomes", "of all events", outcomeTable(paint), paint)
    if !tally.fraudWorths.isEmpty {
      text += section("fraud", "by kind, worst caught first", fraudTable(paint), paint)
    }
    text += section("rules", "most caught alone first", ruleTable(paint), paint)
    text += section("thresholds", "if events were reviewed from a score on", thresholdTable(paint), paint)
    return text
  }

  /// Where the figures come from, and what is to be said of that.
  private func header(_ paint: Paint) -> String {
    var table = SummaryTable()
    let totals = tally.totals
    if let labels {
      table.add("labels", labels.countsText)
    }
    table.add("truth", totals.text)
    if let amountChoice { table.add("amounts", amountChoice) }
    var text = table.text + (labels?.remarksText(paint) ?? "")
    for note in warnings { text += "\(paint("warning", .caution)): \(note)\n" }
    return text
  }

  private func section(_ name: String, _ what: String, _ table: TextTable, _ paint: Paint) -> String {
    "\n\(paint(name, .strong)): \(what)\n" + table.text
  }

  private static func heads(_ names: [String]) -> [TextTable.Cell] { names.map { .init($0, .faint) } }

  private func outcomeTable(_ paint: Paint) -> TextTable {
    var table = TextTable(paint)
    table.add(
      Self.heads(["", "precision", "recall", "F1", "false positives", "caught", "missed", "false alarms"]))
    for level in CatchLevel.allCases {
      let confusion = tally.confusion(level)
      table.add([
        .init(level == .blocked ? "blocked" : "reviewed or blocked", .strong),
        .init(confusion.precision.textWithInterval), .init(confusion.recall.textWithInterval),
        .init(thousandths(confusion.f1)), .init(confusion.falsePositives.textWithInterval),
        .init(String(confusion.caught.events)), .init(String(confusion.missed.events)),
        .init(String(confusion.falseAlarms.events)),
      ])
      for currency in currenciesByName {
        let amounts = [confusion.caught, confusion.missed, confusion.falseAlarms].map {
          TextTable.Cell(MoneyText.text($0.amount(currency), tally.currencies[currency]), .faint)
        }
        table.add(Self.heads(["", "", "", "", ""]) + amounts)
      }
    }
    return table
  }

  private var currenciesByName: [Int] {
    (0..<tally.currencies.count).sorted { tally.currencies[$0] < tally.currencies[$1] }
  }

  private func fraudTable(_ paint: Paint) -> TextTable {
    var table = TextTable(paint)
    table.add(Self.heads(["kind", "blocked", "reviewed", "missed", "caught", "amount missed"]))
    let worths = tally.fraudWorths.sorted { left, right in
      (left.recall(.reviewed).value ?? 0, left.kind) < (right.recall(.reviewed).value ?? 0, right.kind)
    }
    for worth in worths.prefix(Self.rowsMax) {
      table.add([
        .init(VisibleLine.of(labels?.kinds[worth.kind] ?? ""), .strong),
        .init(String(worth.blocked.events)), .init(String(worth.reviewed.events)),
        .init(String(worth.allowed.events)), .init(worth.recall(.reviewed).textWithInterval),
        .init(amounts(worth.allowed)),
      ])
    }
    addRest(worths.count, to: &table)
    return table
  }

  /// Amounts that are not zero, by currency.
  private func amounts(_ stake: Stake) -> String {
    let texts = currenciesByName.filter { stake.amount($0) != 0 }.map {
      MoneyText.text(stake.amount($0), tally.currencies[$0])
    }
    return texts.joined(separator: ", ")
  }

  private func ruleTable(_ paint: Paint) -> TextTable {
    var table = TextTable(paint)
    table.add(
      Self.heads([
        "rule", "fired", "fraud", "honest", "precision", "of all fraud", "only it: fraud", "honest", "amount",
      ]))
    let worths = tally.ruleWorths.sorted { left, right in
      (-only(left).fraud.events, -left.fired.caught.events, left.rule)
        < (-only(right).fraud.events, -right.fired.caught.events, right.rule)
    }
    for worth in worths.prefix(Self.rowsMax) {
      let rule = tally.rules[worth.rule]
      let only = only(worth)
      table.add([
        .init(rule.id + (rule.isShadow ? " (shadow)" : ""), .strong),
        .init(String(worth.fired.raised.events)),
        .init(String(worth.fired.caught.events)), .init(String(worth.fired.falseAlarms.events)),
        .init(worth.fired.precision.textWithInterval), .init(worth.fired.recall.text),
        .init(String(only.fraud.events)), .init(String(only.honest.events)), .init(amounts(only.fraud)),
      ])
    }
    addRest(worths.count, to: &table)
    return table
  }

  private func only(_ worth: RuleWorth) -> StakesByTruth { worth.marginal[.reviewed] ?? StakesByTruth() }

  private func thresholdTable(_ paint: Paint) -> TextTable {
    var table = TextTable(paint)
    table.add(
      Self.heads(["score", "precision", "recall", "F1", "false positives", "alarms", "amount caught"]))
    let rows = tally.sweep(.reviewed)
    for row in shown(rows) {
      let mark =
        (row.threshold == tally.thresholds.review ? " review" : "")
        + (row.threshold == tally.thresholds.block ? " block" : "")
      table.add([
        .init("\(row.threshold)\(mark)", .strong), .init(row.confusion.precision.textWithInterval),
        .init(row.confusion.recall.textWithInterval), .init(thousandths(row.confusion.f1)),
        .init(row.confusion.falsePositives.text), .init(String(row.confusion.raised.events)),
        .init(amounts(row.confusion.caught)),
      ])
    }
    addRest(rows.count, to: &table)
    return table
  }

  /// Where there are too many rows: the thresholds of the rule set, and of the others every so many.
  private func shown(_ rows: [ThresholdRow]) -> [ThresholdRow] {
    guard rows.count > Self.rowsMax else { return rows }
    let step = (rows.count + Self.rowsMax - 3) / (Self.rowsMax - 2)
    let own: Set = [tally.thresholds.review, tally.thresholds.block]
    return rows.enumerated().filter { $0.offset % step == 0 || own.contains($0.element.threshold) }.map(
      \.element)
  }

  private func addRest(_ count: Int, to table: inout TextTable) {
    guard count > Self.rowsMax else { return }
    table.add([.init("\(count) in all; every one with `--summary json`", .faint)])
  }
}

extension StakesByTruth {
  /// `of 107 events 29 fraud, 78 honest, 0 unknown`.
  var text: String {
    "of \(Counted.text(events, "event")) \(fraud.events) fraud, \(honest.events) honest, \(unknown.events) unknown"
  }
}

extension Labels {
  /// How many there are, and what an event without one is.
  var countsText: String {
    "\(count) (\(counts[.fraud] ?? 0) fraud, \(counts[.honest] ?? 0) honest, \(counts[.unknown] ?? 0) unknown); "
      + "an event without one is " + (unlabelled == .honest ? "honest" : "unknown and left out of the rates")
  }

  /// The lines that are no label or contradict one, for people.
  package func remarksText(color: Bool = false) -> String { remarksText(Paint(color: color)) }

  fileprivate func remarksText(_ paint: Paint) -> String {
    var table = SummaryTable()
    for remark in remarks { table.add(remark: remark.text(paint)) }
    let further = badLineCount + contradictedCount - remarks.count
    if further > 0 { table.add(remark: "and \(further) more lines of labels") }
    return table.text
  }
}
