import Assay
import RuleSets
import TestSupport
import Testing
import Workbench

/// Bundles of all that a decision can be made of, and bundles that someone has changed.
@Suite struct DecisionBundleTests {
  private static func rules(_ threshold: Int = 2) throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": """
      ruleset: bundled
      decision: {review: 40, block: 80}
      breaker: {percent: 10, within: 1h, at_least: 5}
      """,
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [payout]
      fields:
        user.id: {type: string, required: true}
        receiver: {type: string, sensitive: true}
        amount: {type: double, scale: 2}
      """,
      "features.yaml": """
      features:
        payouts: {count: payout, by: user.id, over: 24h}
        first_receiver: {first: receiver, of: payout, by: user.id, over: 24h}
        last_receiver: {last: receiver, of: payout, by: user.id, over: 24h}
        usual: {mean: amount, of: payout, by: user.id, over: 24h}
        panes: {count: payout, by: user.id, over: 24h, precision: 60 panes}
        few: {distinct: amount, by: user.id, over: 24h, limit: 4}
        users: {distinct: user.id, by: receiver, over: 24h}
        first_seen: {since_first: payout, by: user.id, over: 24h, export: true}
      """,
      "rules/rules.yaml": """
      rules:
        - {id: many, title: Many, family: velocity, on: payout, when: payouts > \(threshold), decide: block}
        - {id: changed, title: Changed, family: behaviour, on: payout, when: first_receiver != last_receiver, on_missing: skip, score: 10, reason: "from {first_receiver} to {last_receiver}"}
        - {id: unusual, title: Unusual, family: behaviour, on: payout, when: amount > 3.0 * usual, on_missing: skip, score: 20}
        - {id: paned, title: Paned, family: velocity, on: payout, when: panes > 3 || few > 3, score: 5}
        - {id: shared, title: Shared, family: device, on: payout, when: users > 1, on_missing: review, score: 5}
      """,
    ])
  }

  private static func line(_ number: Int) -> String {
    let receiver = number % 4 == 3 ? "" : #","receiver":"r\#(number % 3)-secret@x""#
    return
      #"{"id":"e\#(number)","type":"payout","time":"2026-01-05T1\#(number / 60):\#(10 + number % 50):00Z","#
      + #""user":{"id":"u\#(number % 2)"}\#(receiver),"amount":\#(Double(number * number) + 0.25)}"#
  }

  /// The examinations and bundles of a short stream.
  private static func recorded(
    _ rules: RuleSet, allFeatures: Bool = false
  ) throws -> [(examination: Examination, bundle: [UInt8])] {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: allFeatures))
    return try (0..<40).map { number in
      let line = Array(Self.line(number).utf8)
      let examination = try engine.examine(engine.decode(line.span), recordsMax: 10)
      var bundle: [UInt8] = []
      DecisionBundle.write(
        examination.decided, input: line, rules: rules, allFeatures: allFeatures, to: &bundle)
      return (examination, bundle)
    }
  }

  @Test(arguments: [false, true])
  func everyKindOfFeatureComesBack(_ allFeatures: Bool) throws {
    let rules = try Self.rules()
    var marks: Set<String> = []
    var breakers = 0
    for (examination, bytes) in try Self.recorded(rules, allFeatures: allFeatures) {
      let evaluation = try BundleEvaluation(DecisionBundle(line: bytes), rules: rules)
      #expect(evaluation.differences == [])
      #expect(evaluation.examination.decision.json == examination.decision.json)
      if examination.decision.breaker != nil { breakers += 1 }
      for window in examination.windows { marks.formUnion(window.flags) }
      for shown in [
        Explanation(examination, rules: rules), Explanation(evaluation.examination, rules: rules),
      ] {
        #expect(!shown.text().contains("-secret") && !shown.json().encoded().contains("-secret"))
      }
    }
    #expect(breakers > 3)
    #expect(marks.isSuperset(of: ["saturated", "approximate"]))
  }

  @Test func changedRulesAreSaid() throws {
    let (_, bytes) = try Self.recorded(Self.rules())[10]
    let evaluation = try BundleEvaluation(DecisionBundle(line: bytes), rules: Self.rules(50))
    #expect(evaluation.remark?.contains("the rules have changed since") ?? false)
    #expect(evaluation.differences.contains { $0.hasPrefix("outcome: ") || $0.hasPrefix("reasons: ") })
    #expect(!evaluation.differences.contains { $0.hasPrefix("ruleset") })
  }

  /// Whatever stands in a bundle, it is read, refused or found to differ.
  @Test func damagedBundlesEndInMessages() throws {
    let rules = try Self.rules()
    let seed = UInt64.random(in: 0 ... .max)
    print("damaged bundles: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let bundles = try Self.recorded(rules).map(\.bundle)
    var (refused, differing, same) = (0, 0, 0)
    let words = [
      "null", "-1", "9223372036854775807", "-9223372036854775808", "18446744073709551615", "1e400", "\"\"",
      "[]", "{}", "true", "\"hex\"", "\"string\"", "\"failure\"", "\"timestamp_ms\"", "\"missing\"",
      "\"NaN\"",
      "\"evicted\"", "\"saturated\"",
    ].map { Array($0.utf8) }
    for _ in 0..<6_000 {
      var bytes = try #require(bundles.randomElement(using: &random))
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) {
          bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
        } else {
          // A whole value in the place of another.
          let start = bytes[..<place].lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? place
          let end = bytes[place...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? place
          bytes.replaceSubrange(start..<max(start, end), with: words.randomElement(using: &random) ?? [])
        }
      }
      do {
        let evaluation = try BundleEvaluation(DecisionBundle(line: bytes), rules: rules)
        _ = Explanation(evaluation.examination, rules: rules).text()
        if evaluation.differences.isEmpty { same += 1 } else { differing += 1 }
      } catch {
        #expect(!error.message.isEmpty)
        refused += 1
      }
    }
    print("damaged bundles: \(refused) refused, \(differing) differ, \(same) say the same")
    #expect(refused > 500 && differing > 200)
  }
}
