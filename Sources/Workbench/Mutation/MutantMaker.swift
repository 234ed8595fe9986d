internal import Assay
internal import CEL
package import RuleSets

/// Every mutant of a rule set, in the order of its files.
package struct MutantMaker {
  private let rules: RuleSet
  private let sources: SourceFiles
  private let usedFeatures: Set<String>

  /// Of `rules`, whose files `sources` has: the places of mutants are found there.
  package init(_ rules: RuleSet, sources: SourceFiles) {
    self.rules = rules
    self.sources = sources
    usedFeatures = Set(rules.rules.flatMap(\.features).map { rules.features[$0].name })
  }

  /// The mutants of the rules, and of the features that rules read. Some may turn out to be no rule set.
  package func all() -> [Mutant] {
    guard let draft = rules.draft else { return [] }
    return draft.parts.flatMap { part -> [Mutant] in
      if case .feature(let name) = part.owner, !usedFeatures.contains(name) { return [] }
      return mutants(of: part, draft)
    }
  }

  private func mutants(of part: DraftPart, _ draft: RuleSetDraft) -> [Mutant] {
    switch part.content {
    case .condition(let text), .value(let text): return expressionMutants(of: part, text, draft)
    case .filter(let text):
      return expressionMutants(of: part, text, draft) + [Self.withoutFilter(part, text)]
    case .over(let span): return spanMutants(of: part, span) { .over($0) }
    case .delay(let span): return spanMutants(of: part, span) { .delay($0) }
    case .last(let count):
      return [count - 1, count + 1].filter { $0 > 0 }.map { other in
        Mutant(
          kind: .window, part: part, content: .last(other), range: nil, was: "last: \(count)",
          became: "last: \(other)", difference: .records(min(count, other)))
      }
    case .score(let score): return scoreMutants(of: part, score)
    case .decide(let outcome): return decideMutants(of: part, outcome)
    case .onMissing(let policy): return policyMutants(of: part, policy, draft)
    }
  }

  /// A feature that counts whatever its `where` says.
  private static func withoutFilter(_ part: DraftPart, _ text: String) -> Mutant {
    Mutant(
      kind: .dropped, part: part, content: .filter("true"), range: nil, was: "where: \(text)", became: "",
      difference: .condition(text, holds: false, whileOthersHold: true))
  }

  /// Where the rule can be without an answer and asks for something then: as if its author had not said so.
  private func policyMutants(
    of part: DraftPart, _ policy: Rule.FailurePolicy, _ draft: RuleSetDraft
  ) -> [Mutant] {
    guard isLive(part), policy != .skip, case .rule(let id) = part.owner,
      let rule = rules.rules.first(where: { $0.id == id }),
      let slots = draft.checked(rule.source)?.slots, slots.contains(where: draft.canBeMissing)
    else { return [] }
    return [
      Mutant(
        kind: .missing, part: part, content: .onMissing(.skip), range: nil,
        was: "on_missing: \(policy.rawValue)", became: "", difference: .unanswered)
    ]
  }

  private func expressionMutants(of part: DraftPart, _ text: String, _ draft: RuleSetDraft) -> [Mutant] {
    guard let checked = draft.checked(text) else { return [] }
    // Of what is aggregated only a condition can be off: other values are what they are.
    if case .value = part.content, checked.type != .bool { return [] }
    var mutations = ExpressionMutations(checked)
    mutations.negateRootName()
    return mutations.found.compactMap { found in
      let changed = found.edit.applied(to: text)
      guard changed != text, let content = part.content(expression: changed) else { return nil }
      let around = TextEdit(range: found.shown, replacement: "")
      return Mutant(
        kind: found.kind, part: part, content: content, range: found.edit.range,
        was: Self.piece(text, around.range), became: Self.became(text, found), difference: found.difference)
    }
  }

  private static func piece(_ text: String, _ range: Range<Int>) -> String {
    let bytes = Array(text.utf8)
    return String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The shown piece with the edit in it; nothing where it is dropped.
  private static func became(_ text: String, _ found: ExpressionMutations.Found) -> String {
    if found.kind == .dropped { return "" }
    let piece = piece(text, found.shown)
    let start = found.edit.range.lowerBound - found.shown.lowerBound
    return TextEdit(range: start..<start + found.edit.range.count, replacement: found.edit.replacement)
      .applied(to: piece)
  }

  private func spanMutants(
    of part: DraftPart, _ span: Int64, _ content: (Int64) -> DraftPart.Content
  ) -> [Mutant] {
    let written = part.written(in: sources).map { $0.trimming(["\"", "'"]) }
    let text =
      written.flatMap { DurationLiteral.milliseconds($0) == span ? $0 : nil } ?? DurationLiteral.text(span)
    let key = if case .delay = part.content { "delay" } else { "over" }
    guard let notches = Notch.spans(text) else { return [] }
    return [(notches.below, false), (notches.above, true)].compactMap { notch, counts in
      guard let other = DurationLiteral.milliseconds(notch), other > 0,
        other <= RuleSetLimits.spanMillisecondsMax
      else { return nil }
      // A longer window takes in what was too old; a longer delay leaves out what was old enough.
      let isWindow = key == "over"
      return Mutant(
        kind: .window, part: part, content: content(other), range: nil, was: "\(key): \(text)",
        became: "\(key): \(notch)",
        difference: .age(
          from: counts ? text : notch, to: counts ? notch : text, counts: isWindow != counts))
    }
  }

  /// A score is off by one where that changes what it comes to alone.
  private func scoreMutants(of part: DraftPart, _ score: Int) -> [Mutant] {
    guard isLive(part) else { return [] }
    let thresholds = rules.thresholds
    return [score - 1, score + 1].filter { other in
      other > 0 && other <= RuleSetLimits.scoreMax
        && thresholds.outcome(of: other) != thresholds.outcome(of: score)
    }.map { other in
      Mutant(
        kind: .score, part: part, content: .score(other), range: nil, was: "score: \(score)",
        became: "score: \(other)", difference: .effect("score: \(score)"))
    }
  }

  private func decideMutants(of part: DraftPart, _ outcome: Outcome) -> [Mutant] {
    guard isLive(part) else { return [] }
    let other: Outcome = outcome == .review ? .block : .review
    return [
      Mutant(
        kind: .decide, part: part, content: .decide(other), range: nil, was: "decide: \(outcome.rawValue)",
        became: "decide: \(other.rawValue)", difference: .effect("outcome: \(outcome.rawValue)"))
    ]
  }

  /// What a shadow rule adds or decides has no effect.
  private func isLive(_ part: DraftPart) -> Bool {
    guard case .rule(let id) = part.owner else { return false }
    return rules.rules.contains { $0.id == id && $0.status == .live }
  }
}

extension String {
  fileprivate func trimming(_ ends: Set<Character>) -> String {
    var rest = self[...]
    while let first = rest.first, ends.contains(first) { rest.removeFirst() }
    while let last = rest.last, ends.contains(last) { rest.removeLast() }
    return String(rest)
  }
}
