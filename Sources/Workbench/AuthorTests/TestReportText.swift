internal import Assay

extension TestReport {
  /// The failures with what was expected beside what was found, and the counts.
  package func text(color: Bool = false) -> String {
    let paint = Paint(color: color)
    var text = results.filter { !$0.mismatches.isEmpty }.map { $0.text(paint) + "\n" }.joined()
    let passed = "\(results.count - failureCount) passed"
    let failed = "\(failureCount) failed"
    text += failureCount == 0 ? "\(paint(passed, .good)), \(failed)" : "\(passed), \(paint(failed, .bad))"
    text += (filteredCount > 0 ? ", \(filteredCount) left out" : "") + "\n"
    // A part of the tests says nothing about the rules as a whole.
    if filteredCount > 0 { return text }
    text +=
      "\(coveredRuleCount) of \(Counted.text(ruleCount, "rule")) \(coveredRuleCount == 1 ? "has" : "have") a passing test that fires them and one that does not\n"
    let both = Set(rulesNotFired).intersection(rulesNotSpared)
    text += Self.list(
      "rules to add a test with `fires: true` and one with `fires: false` for",
      rulesNotFired.filter(both.contains))
    text += Self.list(
      "rules to add a test with `fires: true` for", rulesNotFired.filter { !both.contains($0) })
    text += Self.list(
      "rules to add a test with `fires: false` for", rulesNotSpared.filter { !both.contains($0) })
    if let coverage { text += "\n" + coverage.text(color: color) }
    return text
  }

  /// The report as one JSON object.
  package func json() -> String {
    func number(_ value: Int) -> JSONValue { .number(String(value)) }
    func names(_ rules: [String]) -> JSONValue { .array(rules.map { .string($0) }) }
    let coverage = coverage.map { [JSONValue.Member("coverage", $0.json)] } ?? []
    return JSONValue.object(
      [
        .init("passed", number(results.count - failureCount)), .init("failed", number(failureCount)),
        .init("left_out", number(filteredCount)), .init("tests", .array(results.map(\.json))),
        .init("rules", number(ruleCount)), .init("rules_covered", number(coveredRuleCount)),
        .init("rules_not_fired", names(rulesNotFired)), .init("rules_not_spared", names(rulesNotSpared)),
      ] + coverage
    ).encoded() + "\n"
  }

  /// Rules that are named in one line; JSON has them all.
  private static let namesMax = 20

  private static func list(_ title: String, _ rules: [String]) -> String {
    if rules.isEmpty { return "" }
    let count = ShortList.count(of: rules.count, atMost: namesMax)
    let rest = rules.count > count ? " and \(rules.count - count) more" : ""
    return "\(title): \(rules.prefix(count).joined(separator: ", "))\(rest)\n"
  }
}

extension TestResult {
  fileprivate func text(_ paint: Paint) -> String {
    var text = "\(paint("failed", .bad)): \(name)\n  --> \(file):\(line)\n"
    for mismatch in mismatches {
      let place = mismatch.event.map { "event \($0) (line \(mismatch.line)), " } ?? ""
      text += "  \(place)\(mismatch.subject)\n"
      text += "    expected  \(VisibleLine.of(mismatch.expected))\n"
      text += "    found     \(VisibleLine.of(mismatch.found))\n"
      for note in mismatch.notes { text += "    \(VisibleLine.of(note))\n" }
    }
    return text
  }

  fileprivate var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("rule", rule.map { .string($0) } ?? .null),
      .init("file", .string(file)), .init("line", .number(String(line))),
      .init("passed", .bool(mismatches.isEmpty)), .init("mismatches", .array(mismatches.map(\.json))),
    ])
  }
}

extension TestResult.Mismatch {
  fileprivate var json: JSONValue {
    .object([
      .init("event", event.map { .number(String($0)) } ?? .null), .init("line", .number(String(line))),
      .init("subject", .string(subject)), .init("expected", .string(expected)),
      .init("found", .string(found)), .init("notes", .array(notes.map { .string($0) })),
    ])
  }
}
