internal import Assay

extension ReplaySummary {
  /// The summary for people; `elapsed` gives the rate and is left out where it is nil.
  package func text(elapsed: Duration?, color: Bool = false) -> String {
    let paint = Paint(color: color)
    var table = SummaryTable()
    table.add("events", Pace(count: events, elapsed: elapsed).text)
    table.add(
      "outcomes",
      "allow \(allowed), \(paint("review", .caution)) \(reviewed), \(paint("block", .bad)) \(blocked)")
    table.add("rule hits", mostFrequent(ruleHits))
    table.add("shadow hits", mostFrequent(shadowHits))
    table.add("not evaluated", mostUnanswered.map { ("\($0.key.rule): \($0.key.reason)", $0.count) })
    let rest = notEvaluated.count - mostUnanswered.count
    if rest > 0 { table.add("", "and \(rest) more, all of them with `--summary json`") }
    table.add("repeated", repeated)
    table.add("dry runs", dryRuns)
    table.add("recomputed", recomputed)
    table.add("late", late)
    table.add("degraded", degraded)
    if evictedEntities > 0 {
      table.add("evicted", "\(evictedEntities) entities, for lack of memory for windows: see `--memory`")
    }
    table.add("saturated", saturated)
    table.add("warming", warming)
    table.add("unlisted", unlistedLines)
    addProblems(to: &table, paint, empty: lines == 0 ? "decide" : nil)
    return table.text
  }

  /// The bad lines alone, for people.
  package func badLinesText(color: Bool = false) -> String {
    var table = SummaryTable()
    addProblems(to: &table, Paint(color: color), empty: nil)
    return table.text
  }

  /// The summary as one JSON object; `elapsed` gives the rate, `further` stands at its end.
  package func json(elapsed: Duration?, further: [JSONValue.Member] = []) -> String {
    var members: [JSONValue.Member] = [
      .init("lines", number(lines)), .init("events", number(events)),
      .init(
        "outcomes",
        .object([
          .init("allow", number(allowed)), .init("review", number(reviewed)), .init("block", number(blocked)),
        ])),
      .init("rule_hits", object(ruleHits)), .init("shadow_hits", object(shadowHits)),
      .init("not_evaluated", .array(unanswered.map { $0.key.json(count: $0.count) })),
      .init("repeated", number(repeated)), .init("dry_runs", number(dryRuns)),
      .init("recomputed", number(recomputed)), .init("late", number(late)),
      .init("degraded", number(degraded)), .init("saturated", number(saturated)),
      .init("warming", number(warming)), .init("unlisted", object(unlisted)),
    ]
    if evictedEntities > 0 { members.append(.init("evicted_entities", number(evictedEntities))) }
    if !unlistedValues.isEmpty { members.append(.init("unlisted_values", unlistedJSON)) }
    members += problemMembers
    members += Pace(count: events, elapsed: elapsed).members + further
    return JSONValue.object(members).encoded()
  }

  /// Each field with some of the values that its enumeration does not have.
  private var unlistedLines: [(String, Int)] {
    counts(unlisted).map { field, count in
      let values = (unlistedValues[field] ?? []).map { "`\(VisibleLine.of(String($0.prefix(40))))`" }
      return (values.isEmpty ? field : "\(field) (\(values.joined(separator: ", ")))", count)
    }
  }

  private var unlistedJSON: JSONValue {
    .object(
      unlistedValues.sorted { $0.key < $1.key }.map { field, values in
        .init(field, .array(values.map { .string($0) }))
      })
  }

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
    unanswered.sorted { ($1.count, $0.key) < ($0.count, $1.key) }.prefix(
      ShortList.count(of: notEvaluated.count, atMost: Self.unansweredShown))
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
  func text(_ paint: Paint) -> String {
    let column = fault.map { ":\($0.column)" } ?? ""
    let head =
      "\(place.file):\(place.number)\(column): \(paint(code, .bad)): \(VisibleLine.of(explanation))"
    guard let fault else { return head }
    let indent = String(repeating: " ", count: fault.caret)
    return head + "\n    \(fault.excerpt)\n    \(indent)\(paint("^", .bad))"
  }

  var json: JSONValue {
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
