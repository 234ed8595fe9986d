internal import CEL

/// A file of what a recorded stream must come to, as it is written.
struct StreamDeclaration {
  /// Where it is read from in a rule set.
  static let path = "tests/streams.yaml"

  var rules: [Line] = []
  var outcomes: [(outcome: Located<Outcome>, line: Line)] = []
  var unexpected = StreamExpectations.Unexpected.fail

  struct Line {
    let name: Located<String>
    let count: StreamExpectations.Count
  }

  init?(_ root: SourceNode, _ findings: Findings) {
    guard root.node.entries != nil else {
      root.mismatch(
        "a file of streams (`key: value` lines)", findings,
        hint: "name rules and how often they fire, such as `rules: {payout-burst: 3}`")
      return nil
    }
    guard var reader = MappingReader(root, "a file of streams", findings) else { return nil }
    rules = Self.lines(reader.take("rules"), of: "counts", findings)
    for line in Self.lines(reader.take("outcomes"), of: "counts", findings) {
      guard let outcome = Outcome(rawValue: line.name.value) else {
        let words = Outcome.allCases.map(\.rawValue)
        findings.error(
          .unknownChoice, at: line.name.place,
          "expected \(Choices.text(words)), found the text `\(SourceNode.shortened(line.name.value))`",
          hint: FamiliarWords.hint(for: line.name.value, among: words))
        continue
      }
      outcomes.append((Located(value: outcome, place: line.name.place), line))
    }
    if let node = reader.take("unexpected") { unexpected = node.choice(findings)?.value ?? .fail }
    if !reader.has("rules"), !reader.has("outcomes"), !reader.misspells(["rules", "outcomes"]) {
      findings.error(
        .missingKey, at: reader.head, "the file expects nothing of a stream",
        hint: "name rules and how often they fire, such as `rules: {payout-burst: 3}`")
    }
    reader.finish()
  }

  private static func lines(_ node: SourceNode?, of what: String, _ findings: Findings) -> [Line] {
    (node?.namedEntries(findings, of: what) ?? []).compactMap { name, value in
      count(value, findings).map { Line(name: name, count: $0) }
    }
  }

  /// A number alone is `exactly` so many.
  private static func count(_ node: SourceNode, _ findings: Findings) -> StreamExpectations.Count? {
    let range = 0...RuleSetLimits.streamCountMax
    if node.node.scalar != nil {
      return node.integer(findings, in: range).map {
        StreamExpectations.Count(least: $0.value, most: $0.value)
      }
    }
    guard var reader = MappingReader(node, "a count", findings) else { return nil }
    let exactly = reader.take("exactly")?.integer(findings, in: range)
    let least = reader.take("at_least")?.integer(findings, in: range)
    let most = reader.take("at_most")?.integer(findings, in: range)
    let says = ["exactly", "at_least", "at_most"].contains { reader.has($0) }
    reader.finish()
    if !says {
      findings.error(
        .missingKey, at: node.place, "the count says nothing",
        hint: "write a number, or `exactly`, `at_least` and `at_most`")
    }
    if let exactly, let other = least ?? most {
      findings.error(
        .conflictingKeys, at: other.place, "`exactly` says how often already", hint: "take one of them out",
        notes: [Diagnostic.Note("it is here", at: exactly.place)])
    }
    if let least, let most, least.value > most.value {
      findings.error(
        .outOfRange, at: most.place, "at most \(most.value) cannot be at least \(least.value)")
      return nil
    }
    return StreamExpectations.Count(
      least: exactly?.value ?? least?.value ?? 0, most: exactly?.value ?? most?.value)
  }
}
