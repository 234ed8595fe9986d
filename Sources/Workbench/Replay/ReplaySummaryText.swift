extension ReplaySummary {
  /// The summary for people; `elapsed` gives the rate and is left out where it is nil.
  package func text(elapsed: Duration?, color: Bool = false) -> String {
    let paint = Paint(color: color)
    var table = SummaryTable()
    table.add("events", eventsText(elapsed))
    table.add(
      "outcomes",
      "allow \(allowed), \(paint("review", .caution)) \(reviewed), \(paint("block", .bad)) \(blocked)")
    table.add("rule hits", mostFrequent(ruleHits))
    table.add("shadow hits", mostFrequent(shadowHits))
    table.add("not evaluated", mostUnanswered.map { ("\($0.key.rule): \($0.key.reason)", $0.count) })
    if notEvaluated.count > Self.unansweredShown {
      table.add(
        "", "and \(notEvaluated.count - Self.unansweredShown) more, all of them with `--summary json`")
    }
    table.add("repeated", repeated)
    table.add("recomputed", recomputed)
    table.add("late", late)
    table.add("degraded", degraded)
    table.add("saturated", saturated)
    table.add("warming", warming)
    table.add("unlisted", counts(unlisted))
    table.add("bad lines", counts(refused))
    for line in badLines { table.add(remark: line.text(paint)) }
    if badLineCount > badLines.count {
      table.add(remark: "and \(badLineCount - badLines.count) more bad lines")
    }
    for warning in warnings { table.add(remark: "\(paint("warning", .caution)): \(warning)") }
    if lines == 0, inputErrors.isEmpty {
      table.add(remark: "\(paint("note", .strong)): there were no events to decide: the input is empty")
    }
    return table.text
  }

  /// The summary as one JSON object; `elapsed` gives the rate.
  package func json(elapsed: Duration?) -> String {
    var members: [JSONValue.Member] = [
      .init("lines", number(lines)), .init("events", number(events)),
      .init(
        "outcomes",
        .object([
          .init("allow", number(allowed)), .init("review", number(reviewed)), .init("block", number(blocked)),
        ])),
      .init("rule_hits", object(ruleHits)), .init("shadow_hits", object(shadowHits)),
      .init("not_evaluated", .array(unanswered.map { $0.key.json(count: $0.count) })),
      .init("repeated", number(repeated)), .init("recomputed", number(recomputed)),
      .init("late", number(late)),
      .init("degraded", number(degraded)), .init("saturated", number(saturated)),
      .init("warming", number(warming)), .init("unlisted", object(unlisted)),
      .init("refused", object(refused)),
      .init("bad_lines", .array(badLines.map(\.json))),
      .init("warnings", .array(warnings.map { .string($0) })),
      .init("input_errors", .array(inputErrors.map { .string($0.description) })),
    ]
    if let elapsed {
      members.append(.init("seconds", .number(String(Self.seconds(elapsed)))))
      members.append(.init("events_per_second", number(rate(elapsed))))
    }
    return JSONValue.object(members).encoded()
  }

  private func eventsText(_ elapsed: Duration?) -> String {
    guard let elapsed else { return String(events) }
    let hundredths = Int((Self.seconds(elapsed) * 100).rounded())
    let seconds = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    return "\(events) in \(seconds) s, \(rate(elapsed)) events/s"
  }

  private func rate(_ elapsed: Duration) -> Int {
    let seconds = Self.seconds(elapsed)
    return seconds > 0 ? Int((Double(events) / seconds).rounded()) : 0
  }

  private static func seconds(_ elapsed: Duration) -> Double { elapsed / .seconds(1) }

  /// Sorted by name, so that no order of a dictionary shows.
  private func counts(_ hits: [String: Int]) -> [(String, Int)] {
    hits.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The most frequent first, by name where equally frequent.
  private func mostFrequent(_ hits: [String: Int]) -> [(String, Int)] {
    hits.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  private func object(_ hits: [String: Int]) -> JSONValue {
    .object(counts(hits).map { .init($0.0, number($0.1)) })
  }

  private func number(_ value: Int) -> JSONValue { .number(String(value)) }

  /// Rows about rules without an answer that the text shows.
  private static let unansweredShown = 8

  /// The most frequent first.
  private var mostUnanswered: ArraySlice<(key: Unanswered, count: Int)> {
    unanswered.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(Self.unansweredShown)
  }

  private var unanswered: [(key: Unanswered, count: Int)] {
    notEvaluated.sorted { $0.key < $1.key }.map { (key: $0.key, count: $0.value) }
  }
}

extension ReplaySummary.Unanswered: Comparable {
  /// By rule, then field, then cause.
  package static func < (left: Self, right: Self) -> Bool {
    (left.rule, left.field ?? "", left.why) < (right.rule, right.field ?? "", right.why)
  }

  fileprivate var reason: String { (field.map { "`\($0)` " } ?? "") + why }

  fileprivate func json(count: Int) -> JSONValue {
    .object([
      .init("rule", .string(rule)), .init("why", .string(why)),
      .init("field", field.map { .string($0) } ?? .null), .init("count", .number(String(count))),
    ])
  }
}

extension ReplaySummary.BadLine {
  /// What is wrong, as precisely as it is known.
  private var explanation: String {
    if let fault { return "the event is not JSON: \(fault.message)" }
    return message + (first.map { "; it was first seen at \($0.file):\($0.number)" } ?? "")
  }

  /// One line of text, and for what is not JSON two more that show where.
  fileprivate func text(_ paint: Paint) -> String {
    let column = fault.map { ":\($0.column)" } ?? ""
    let head =
      "\(place.file):\(place.number)\(column): \(paint(code, .bad)): \(VisibleLine.of(explanation))"
    guard let fault else { return head }
    let indent = String(repeating: " ", count: fault.caret)
    return head + "\n    \(fault.excerpt)\n    \(indent)\(paint("^", .bad))"
  }

  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("file", .string(place.file)), .init("line", .number(String(place.number))),
      .init("code", .string(code)), .init("field", field.map { .string($0) } ?? .null),
      .init("message", .string(explanation)),
    ]
    if let fault { members.append(.init("column", .number(String(fault.column)))) }
    if let first {
      members.append(
        .init(
          "first",
          .object([.init("file", .string(first.file)), .init("line", .number(String(first.number)))])))
    }
    return .object(members)
  }
}

/// Rows of a name and what belongs to it; what is zero or empty has no row.
private struct SummaryTable {
  private static let nameWidth = 14
  private(set) var text = ""

  mutating func add(_ name: String, _ value: String) {
    text += name.padded(to: Self.nameWidth) + " \(value)\n"
  }

  mutating func add(_ name: String, _ count: Int) {
    if count > 0 { add(name, String(count)) }
  }

  mutating func add(_ name: String, _ counts: [(String, Int)]) {
    let width = counts.map(\.0.count).max() ?? 0
    for (index, count) in counts.enumerated() {
      add(index == 0 ? name : "", count.0.padded(to: width) + " \(count.1)")
    }
  }

  mutating func add(remark: String) { text += remark + "\n" }
}
