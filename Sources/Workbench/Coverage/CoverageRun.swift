internal import Assay
internal import CEL
internal import Events
package import RuleSets
internal import Windows

/// Runs the events of the authors' tests and records what each condition came to.
package struct CoverageRun {
  private let rules: RuleSet
  private let sources: SourceFiles
  private let names: SlotNames

  /// Of `rules`, whose files `sources` has.
  package init(_ rules: RuleSet, sources: SourceFiles) {
    self.rules = rules
    self.sources = sources
    names = SlotNames(rules)
  }

  /// Which answers the tests bring about, be they expected or not.
  package func run() -> CoverageReport {
    // A frame without anything shows all conditions, also of rules that no event reaches.
    var tallies = rules.rules.map { rule in
      AnswerTally(ConditionTree(rule, over: Frame(slotCount: rules.slotCount), names, everywhere: true))
    }
    let bench = TestBench(rules)
    for test in rules.tests {
      let changed = test.lists.isEmpty ? nil : rules.changed(lists: test.lists)
      let engine = (changed.map { TestBench($0) } ?? bench).engine()
      for step in test.steps {
        guard let event = try? engine.decode(step.json.span),
          let examination = try? engine.examine(event, recordsMax: nil)
        else { continue }
        // Lists are part of a condition, so that the tree is that of the test's own rules.
        for (index, rule) in (changed ?? rules).rules.enumerated() where rule.appliesToType[step.type] {
          tallies[index].count(
            ConditionTree(rule, over: examination.visit.event.frame, names, everywhere: true))
        }
      }
    }
    return CoverageReport(rules: zip(rules.rules, tallies).map(coverage))
  }

  private func coverage(of rule: Rule, _ tally: AnswerTally) -> CoverageReport.RuleCoverage {
    let part = rules.draft?.parts.first { part in
      if case .condition = part.content { part.owner == .rule(rule.id) } else { false }
    }
    let checked = rules.draft?.checked(rule.source)
    let conditions = tally.answers.sorted { $0.key < $1.key }.map { place, answers in
      let position = part?.position(of: place.start..<place.end, in: sources)
      return CoverageReport.Condition(
        text: answers.text, line: position?.line ?? rule.line, column: position?.column ?? 1,
        passed: answers.passed, failed: answers.failed, unknown: answers.unknown,
        canBeUnknown: canBeUnknown(place.start..<place.end, checked))
    }
    return CoverageReport.RuleCoverage(
      rule: rule.id, file: rule.file, line: rule.line, events: tally.events, conditions: conditions)
  }

  /// Whether a part of a condition reads a slot that may be missing, other than by asking whether it is.
  private func canBeUnknown(_ place: Range<Int>, _ checked: CheckedExpression?) -> Bool {
    guard let checked, let draft = rules.draft else { return false }
    return checked.expression.nodes.indices.contains { index in
      guard case .variable(let slot)? = checked.references[index] else { return false }
      let node = checked.expression.nodes[index]
      if case .select(_, _, presence: true) = node.kind { return false }
      return node.span.lowerBound >= place.lowerBound && node.span.upperBound <= place.upperBound
        && draft.canBeMissing(slot)
    }
  }
}

/// The answers of one rule's conditions, by place.
private struct AnswerTally {
  struct Place: Hashable, Comparable {
    let start: Int
    let end: Int

    static func < (left: Place, right: Place) -> Bool { (left.start, left.end) < (right.start, right.end) }
  }

  struct Answers {
    let text: String
    var passed = 0
    var failed = 0
    var unknown = 0
  }

  private(set) var events = 0
  private(set) var answers: [Place: Answers] = [:]

  init(_ tree: ConditionTree) {
    for node in tree.nodes where Self.isCondition(node) {
      answers[Self.place(node)] = Answers(text: node.text)
    }
  }

  mutating func count(_ tree: ConditionTree) {
    events += 1
    for node in tree.nodes where Self.isCondition(node) {
      switch node.answerOrWould {
      case .pass: answers[Self.place(node), default: Answers(text: node.text)].passed += 1
      case .fail: answers[Self.place(node), default: Answers(text: node.text)].failed += 1
      case .unknown: answers[Self.place(node), default: Answers(text: node.text)].unknown += 1
      case .error, .notLookedAt: break
      }
    }
  }

  private static func isCondition(_ node: ConditionTree.Node) -> Bool {
    node.kind == .test || node.kind == .fold
  }

  private static func place(_ node: ConditionTree.Node) -> Place {
    Place(start: node.span.lowerBound, end: node.span.upperBound)
  }
}
