package import RuleSets
internal import Windows

/// What was found in a rule set, and what it holds.
package struct CheckReport: Sendable {
  package let loaded: LoadedRuleSet

  /// A report on a rule set that was read and checked.
  package init(_ loaded: LoadedRuleSet) { self.loaded = loaded }

  /// Whether the rule set cannot be used.
  package var hasErrors: Bool { loaded.ruleSet == nil }

  /// The findings, each with its place in the source.
  package func findings(color: Bool) -> String {
    loaded.rendered(color: color)
  }

  /// The findings that keep the rule set from loading, for commands that need it loaded.
  package func errors(color: Bool) -> String {
    let renderer = DiagnosticRenderer(sources: loaded.sources, color: color)
    let errors = loaded.diagnostics.filter { $0.severity == .error }
    return renderer.text(DiagnosticList(all: errors, omitted: loaded.findings.omitted))
  }

  /// The warnings about what tests send, which may make them pass for the wrong reason.
  package func doubtsAboutTests(color: Bool) -> String {
    let codes = [RuleSetCode.unlistedMember, .unknownMember].map(\.rawValue)
    let renderer = DiagnosticRenderer(sources: loaded.sources, color: color)
    return loaded.diagnostics.filter { codes.contains($0.code) }.map { renderer.text($0) + "\n" }.joined()
  }

  /// The findings and what was loaded; `isVerbose` adds every feature's window and memory, `showsCost` the steps that each
  /// expression takes at most.
  package func text(color: Bool, isVerbose: Bool, showsCost: Bool = false) -> String {
    var text = findings(color: color) + countsOfFindings
    guard let rules = loaded.ruleSet else { return text + "\n" }
    text = "\(text)rule set `\(rules.name)`: \(Self.count(rules.rules.count, "rule")), "
    text += "\(Self.count(rules.features.count, "feature")), \(Self.count(rules.lists.count, "list")), "
    text += "\(Self.count(rules.tests.count, "test"))\n"
    if isVerbose {
      text += "version \(rules.version)\n"
      for line in details(rules) { text += line + "\n" }
    }
    if showsCost { for line in CostTable(rules).lines { text += line + "\n" } }
    return text
  }

  /// The same as one JSON object.
  package func json(showsCost: Bool = false) -> String {
    let renderer = DiagnosticRenderer(sources: loaded.sources)
    let findings = loaded.diagnostics.map { renderer.json($0) }.joined(separator: ",")
    let ruleSet = loaded.ruleSet.map { json($0).encoded() } ?? "null"
    let cost = showsCost ? ",\"cost\":\(loaded.ruleSet.map { CostTable($0).json.encoded() } ?? "null")" : ""
    return
      "{\"diagnostics\":[\(findings)],\"omitted\":\(loaded.findings.omitted),\"ruleset\":\(ruleSet)\(cost)}\n"
  }

  private var countsOfFindings: String {
    let errors = loaded.diagnostics.count { $0.severity == .error }
    let warnings = loaded.diagnostics.count - errors
    let parts = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map(Self.count)
    // What mends a mistake may bring others to light, which `--fix` then mends too.
    let editCount = Set(loaded.diagnostics.flatMap(\.edits)).count
    let offer = editCount > 0 ? "; `--fix` makes \(Self.count(editCount, "edit")) or more" : ""
    return parts.isEmpty ? "" : parts.joined(separator: ", ") + offer + (hasErrors ? "" : "\n")
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func details(_ rules: RuleSet) -> [String] {
    var lines = ["rules:"]
    for rule in rules.rules {
      let effect = rule.decide?.rawValue ?? "+\(rule.score)"
      lines.append(
        "  \(rule.id.padded(to: 28)) \(rule.family.rawValue.padded(to: 9)) \(rule.status.rawValue.padded(to: 6)) \(effect)"
      )
    }
    lines.append("features, and the memory that one key takes at most:")
    for bound in FeatureBound.all(of: rules) {
      lines.append(
        "  \(bound.name.padded(to: 28)) by \(bound.key.padded(to: 20)) "
          + bound.text)
    }
    lines.append("lists:")
    for list in rules.lists {
      lines.append("  \(list.name.padded(to: 28)) \(Self.count(list.count, "value"))")
    }
    return lines
  }

  private func json(_ rules: RuleSet) -> JSONValue {
    func number(_ value: Int) -> JSONValue { .number(String(value)) }
    let features = FeatureBound.all(of: rules).map { bound in
      JSONValue.object([
        .init("name", .string(bound.name)), .init("by", .string(bound.key)),
        .init("records_max", number(bound.records)), .init("record_bytes_max", number(bound.recordBytes)),
        .init("bytes_max", number(bound.bytes)),
      ])
    }
    return .object([
      .init("name", .string(rules.name)), .init("version", .string(rules.version)),
      .init("rules", .array(rules.rules.map { .string($0.id) })), .init("features", .array(features)),
      .init("lists", .array(rules.lists.map { .string($0.name) })), .init("tests", number(rules.tests.count)),
    ])
  }
}
