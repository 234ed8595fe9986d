import Assay
import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing
import Workbench

/// One pass over two engines against two replays whose decisions are joined by the event's id.
@Suite struct ComparisonOracleTests {
  /// What is known of one event when its two decisions lie side by side.
  private struct Joined {
    let before: Decision
    let after: Decision

    /// By rule: what it brought.
    private static func parts(_ decision: Decision) -> [String: String] {
      var parts: [String: String] = [:]
      for reason in decision.reasons {
        parts[reason.rule] = "\(reason.score) \(String(describing: reason.decide))"
      }
      for unknown in decision.notEvaluated where unknown.floor != nil {
        parts[unknown.rule] = "floor \(String(describing: unknown.floor))"
      }
      return parts
    }

    var rules: Set<String> {
      let (old, new) = (Self.parts(before), Self.parts(after))
      return Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    }
  }

  private static func replay(_ rules: RuleSet, _ path: String) throws -> [String: Decision] {
    var found: [String: Decision] = [:]
    var replay = Replay(rules: rules)
    try replay.run(path) { decision in
      if !decision.repeated { found[decision.event] = copy decision }
    }
    return found
  }

  /// What is told of a rule is what it brought into the decision.
  private static func expect(_ brief: RuleBrief, _ rule: String, _ decision: Decision?, _ about: Comment) {
    let hasFired = decision?.fired.contains(rule) ?? false
    #expect(brief.state.hasPrefix("fired") == hasFired, about)
    let answer = brief.condition?.root.answer
    #expect((answer == .pass) == hasFired, about)
    let isUnanswered = decision?.notEvaluated.contains { $0.rule == rule } ?? false
    #expect((answer == .unknown || answer == .error) == isUnanswered, about)
  }

  /// The minor units of each event with money, by event and currency.
  private static func amounts(_ lines: [String]) throws -> [String: (currency: String, minor: Int)] {
    var amounts: [String: (String, Int)] = [:]
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let id = object?["id"] as? String, let payout = object?["payout"] as? [String: Any],
        let minor = payout["amount_minor"] as? Int
      else { continue }
      amounts[id] = (payout["currency"] as? String ?? "", minor)
    }
    return amounts
  }

  @Test(arguments: [UInt64](1...12)) func onePassFindsWhatTwoReplaysFind(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let stream = RecordedStream(small: seed)
    let folder = try TemporaryFolder()
    let path = try folder.write("events.ndjson", stream.lines.map { $0 + "\n" }.joined())
    let before = try RuleSet.fromFiles(EditedRules.original)
    var edited = EditedRules(&generator)
    var after = edited.load()
    while after == nil {
      edited = EditedRules(&generator)
      after = edited.load()
    }
    let rules = try #require(after)
    let about: Comment = "seed \(seed), \(edited.edits.joined(separator: "; "))"

    var comparison = RuleSetComparison(before: before, after: rules, samplesMax: 2)
    comparison.run(path)
    let summary = comparison.summary
    let (old, new) = try (Self.replay(before, path), Self.replay(rules, path))
    #expect(summary.isComplete, about)
    #expect(summary.lines == stream.lines.count, about)
    #expect(summary.compared == old.count && old.count == new.count, about)

    let money = try Self.amounts(stream.lines)
    var changes: [OutcomeChange: Int] = [:]
    var parties: [String: Int] = [:]
    var sums: [OutcomeChange: [String: Int]] = [:]
    for (id, decision) in old {
      let joined = Joined(before: decision, after: try #require(new[id]))
      let change = OutcomeChange(joined.before.outcome, joined.after.outcome)
      guard change.before != change.after else { continue }
      changes[change, default: 0] += 1
      for rule in joined.rules { parties[rule, default: 0] += 1 }
      if let amount = money[id] { sums[change, default: [:]][amount.currency, default: 0] += amount.minor }
      #expect(!joined.rules.isEmpty || before.thresholds != rules.thresholds, about)
    }
    #expect(summary.changes.mapValues(\.count) == changes, about)
    let counted = summary.parties.compactMap { party, tallies -> (String, Int)? in
      guard case .rule(let id) = party else { return nil }
      return (id, tallies.values.reduce(0) { $0 + $1.count })
    }
    #expect(Dictionary(uniqueKeysWithValues: counted) == parties, about)
    #expect(summary.changes.mapValues(\.minorByCurrency).filter { !$0.value.isEmpty } == sums, about)
    #expect(summary.samples.values.allSatisfy { (1...2).contains($0.count) }, about)
    for sample in summary.samples.values.joined() {
      #expect(!sample.parties.isEmpty, about)
      #expect(sample.scoreBefore == old[sample.event]?.score, about)
      #expect(sample.scoreAfter == new[sample.event]?.score, about)
      #expect(!sample.rules.isEmpty && sample.rules.count <= RuleSides.explainedMax, about)
      for sides in sample.rules {
        Self.expect(sides.before, sides.rule, old[sample.event], about)
        Self.expect(sides.after, sides.rule, new[sample.event], about)
      }
    }
  }
}
