import Assay
import Foundation
import RuleSets
import TestSupport
import Testing
import Windows
import Workbench

/// Decisions taken apart over generated streams.
@Suite struct ExplanationTests {
  /// Examining decides as deciding does; the windows hold what the values say; nothing sensitive is shown; and a bundle
  /// gives the same decision to the byte, and the same conditions.
  @Test func examinedStreamsAgreeWithDecidedOnes() throws {
    let rules = try SampleRules.load("wallet")
    let seed = UInt64.random(in: 0 ... .max)
    print("explanations: seed \(seed)")
    var events = WalletEvents(seed: seed)
    let plain = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let examined = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var (listed, bundles) = (0, 0)
    for number in 0..<1_500 {
      let line = events.next(number)
      guard let decision = try? plain.decide(line) else {
        _ = try? examined.decide(line)
        continue
      }
      let event = try examined.decode(Array(line.utf8).span)
      let examination = try examined.examine(event, recordsMax: 5_000)
      #expect(examination.decision.json == decision.json, "seed \(seed): \(line)")
      if decision.repeated { continue }
      for window in examination.windows where !decision.dryRun {
        listed += check(window, rules, "seed \(seed), event \(number)") ? 1 : 0
      }
      let explanation = Explanation(examination, rules: rules)
      for shown in [explanation.text(), explanation.text(width: 60), explanation.json().encoded()] {
        #expect(!shown.contains(WalletEvents.secret), "seed \(seed): \(line)")
      }
      bundles += try checkBundle(of: examination, line, rules, explanation) ? 1 : 0
    }
    print("explanations: \(listed) windows checked, \(bundles) bundles re-evaluated")
    #expect(listed > 4_000 && bundles > 800)
  }

  /// Whether the records of a window come to its value; false where that cannot be told from them.
  private func check(_ window: FeatureWindow, _ rules: RuleSet, _ place: String) -> Bool {
    guard let count = window.count, window.flags.isEmpty else { return false }
    #expect(window.records.count == count, "\(place): \(window.name)")
    if let from = window.from {
      #expect(window.records.allSatisfy { $0.time > from }, "\(place): \(window.name)")
    }
    let values = window.records.compactMap(\.value)
    let feature = rules.features[window.feature]
    switch (rules.plan.entities[feature.entity].features[feature.index].aggregation, window.value) {
    case (.count, .int(let value)): #expect(Int(value) == count, "\(place): \(window.name)")
    case (.sum, .int(let value)):
      let sum = values.reduce(Int64(0)) { sum, part in
        if case .int(let part) = part { sum + part } else { sum }
      }
      #expect(sum == value, "\(place): \(window.name)")
    case (.distinct, .int(let value)):
      let isMasked = values.contains(.masked)
      #expect(isMasked ? Int(value) <= count : Set(values.map { "\($0)" }).count == Int(value), "\(place)")
    case (.sinceLast, .duration(let span)):
      #expect(window.records.last.map { max(0, window.to - $0.time) } == span, "\(place): \(window.name)")
      #expect(window.records.allSatisfy { !$0.isOwn }, "\(place)")
    case (.sinceLast, .missing), (.sum, .missing): break
    default:
      #expect(
        count == 0 && window.key.contains { $0.value == nil }, "\(place): \(window.name) \(window.value)")
      return false
    }
    return true
  }

  private func checkBundle(
    of examination: Examination, _ line: String, _ rules: RuleSet, _ explanation: Explanation
  ) throws -> Bool {
    var bytes: [UInt8] = []
    DecisionBundle.write(
      examination.decided, input: Array(line.utf8), rules: rules, allFeatures: false, to: &bytes)
    #expect(
      bytes.dropLast(2).suffix(examination.decision.json.count).elementsEqual(examination.decision.json))
    let bundle = try DecisionBundle(line: bytes)
    let evaluation = try BundleEvaluation(bundle, rules: rules)
    #expect(evaluation.differences == [] && evaluation.remark == nil, "\(line)")
    #expect(evaluation.examination.decision.json == examination.decision.json)
    let again = Explanation(evaluation.examination, rules: rules)
    #expect(
      again.rules.map { $0.condition?.json.encoded() }
        == explanation.rules.map { $0.condition?.json.encoded() })
    return true
  }

  private func explain(_ id: String, only: Set<String>? = nil) throws -> Explanation {
    let rules = try SampleRules.load()
    var search = EventSearch(id, rules: rules, recordsMax: 3)
    let searched = search.run(SampleRules.events)
    let found = try #require(searched)
    return Explanation(found.examination, rules: rules, only: only)
  }

  @Test func theNearestRuleComesFirst() throws {
    let explanation = try explain("e2")
    #expect(explanation.nearest.map(\.rule) == ["payout-burst", "crowded-device", "big-payout"])
    #expect(explanation.nearest.first?.tests.map(\.text) == ["payouts_24h > 3"])
  }

  @Test func onlyTheRulesThatWereAskedForAreLookedAt() throws {
    let explanation = try explain("e4", only: ["crowded-device"])
    #expect(explanation.rules.map(\.rule.id) == ["crowded-device"])
    #expect(explanation.features.map(\.name) == ["users_per_device_30d"])
    // The outcome stays whole.
    #expect(explanation.steps.contains { $0.rule == "payout-burst" })
  }

  @Test func longWindowsAreCut() throws {
    let window = try #require(try explain("e4").features.first { $0.name == "payouts_24h" })
    #expect(window.count == 5 && window.records.map(\.id) == ["e2", "e3", "e4"])
    #expect(try explain("e4").text().contains(": 5 records, the newest 3\n"))
  }

  @Test func linesKeepToTheirWidth() throws {
    for width in [60, 80, 100] {
      let long = try explain("e4").text(width: width).split(separator: "\n").filter { $0.count > width }
      // Names, moments and hashes do not break.
      #expect(long.allSatisfy { $0.contains("sha256:") || $0.contains("T") }, "\(width): \(long)")
    }
  }
}

/// The page about explanations shows what its command prints.
@Suite struct ExplainPageTests {
  @Test func theExampleIsWhatIsPrinted() throws {
    let page = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Sources/Workbench/Workbench.docc/Explain.md"),
      encoding: .utf8)
    let shown = page.components(separatedBy: "```text\n")[1].components(separatedBy: "```")[0]
    let rules = try SampleRules.load()
    var search = EventSearch("e3", rules: rules, recordsMax: 2)
    let searched = search.run(SampleRules.events)
    let found = try #require(searched)
    #expect(shown == Explanation(found.examination, rules: rules).text())
  }
}
