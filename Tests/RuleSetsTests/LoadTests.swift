import CEL
import Events
import Foundation
import RuleSets
import TestSupport
import Testing

/// Reading folders and what authors wrote in them.
@Suite struct LoadTests {
  private func version(_ files: [String: String] = [:]) throws -> String {
    try #require(try ExampleRules.load(with: files).ruleSet).version
  }

  @Test func theVersionNamesWhatDecides() throws {
    let first = try version()
    #expect(first.hasPrefix("sha256:") && first.count == 71)
    #expect(try version() == first)
    #expect(try version(["tests/a.yaml": "tests: []\n", "README.md": "words\n"]) == first)
    #expect(try version(["lists/trusted.txt": "d1\nd3\n"]) != first)
    let header = try #require(ExampleRules.files["ruleset.yaml"])
    #expect(try version(["ruleset.yaml": header + "# a comment\n"]) != first)
  }

  @Test func errorsAreThrownRendered() throws {
    let folder = try ExampleRules.folder(with: ["ruleset.yaml": "ruleset: example\n"])
    let error = #expect(throws: RuleSetErrors.self) { try RuleSet(contentsOf: folder.url.path) }
    #expect(error?.description.hasPrefix("error[missing-key]: `ruleset.yaml` needs `decision`\n") == true)
  }

  @Test func warningsDoNotKeepARuleSetFromLoading() throws {
    let folder = try ExampleRules.folder(with: ["rule.yaml": "a: b\n"])
    #expect(folder.loaded().diagnostics.map(\.code) == ["unexpected-file"])
    #expect(try RuleSet(contentsOf: folder.url.path).name == "example")
  }

  @Test func everythingIndependentIsFoundAtOnce() throws {
    let folder = try ExampleRules.folder(with: [
      "ruleset.yaml": "ruleset: example\ndecision: {review: 0, block: 80}\n",
      "features.yaml": "features:\n  payouts_24h: {count: payout, by: user.id, over: 24h}\n",
      "rules/velocity.yaml":
        "rules:\n  - {id: a, title: A, family: velocity, on: any, when: payouts_24h > x, score: 1}\n",
      "rules/more.yaml": "rules: {}\n",
    ])
    #expect(
      folder.loaded().diagnostics.map(\.code).sorted() == [
        "cel-unknown-name", "out-of-range", "unknown-event-type", "wrong-type",
      ])
  }

  /// What cannot be read must not make every name that stands in it unknown.
  @Test func oneBrokenFileCausesNoOtherFindings() throws {
    let folder = try ExampleRules.folder(with: ["features.yaml": "features: [\n"])
    #expect(folder.loaded().diagnostics.map(\.code) == ["yaml-syntax"])
    let other = try ExampleRules.folder(with: ["schema.yaml": "event: {\n"])
    #expect(other.loaded().diagnostics.map(\.code) == ["yaml-syntax"])
  }

  @Test(arguments: [
    ("500ms", 500), ("5s", 5_000), ("10m", 600_000), ("24h", 86_400_000), ("7d", 604_800_000),
    ("2w", 1_209_600_000), ("1h30m", 5_400_000), ("1m500ms", 60_500),
  ]) func spansOfTimeAreRead(_ text: String, _ milliseconds: Int64) {
    #expect(DurationLiteral.milliseconds(text) == milliseconds)
  }

  @Test(arguments: ["", "5", "h", "1.5h", "-1h", "30m1h", "1h1h", "1 h", "9223372036854775807w", "1y", "1h "])
  func otherTextIsNoSpanOfTime(_ text: String) {
    #expect(DurationLiteral.milliseconds(text) == nil)
  }

  @Test(arguments: [("0s", 0), ("1d", 86_400_000), ("1h30m", 5_400_000), ("1s1ms", 1_001)])
  func spansOfTimeAreWritten(_ text: String, _ milliseconds: Int64) {
    #expect(DurationLiteral.text(milliseconds) == text)
  }
}

/// The authors' tests as events.
@Suite struct LoadAuthorTestsTests {
  private static let file = """
    defaults: {user.id: u1, device.id: d1}
    clock: 2026-01-05T12:00:00Z
    tests:
      - name: a burst
        rule: payout-burst
        fires: true
        events:
          - {type: payout.requested, at: 1h, repeat: 2, every: 30m, with: {payout.amount_minor: 500, payout.currency: EUR}, expect: {fired: []}}
          - {type: reward.granted, id: mine, with: {device.id: null}, expect: {outcome: review, features: {payouts_24h: null}}}
          - {type: payout.requested, at: -1m, reverses: mine, with: {note: {deep: [1, 2.5, true, "x\\"y"]}}}
    """

  @Test func repetitionsAreExpandedAndPathsNest() throws {
    let loaded = try ExampleRules.load(with: ["tests/a.yaml": Self.file])
    #expect(loaded.diagnostics.map(\.code) == ["unknown-member"])
    let test = try #require(loaded.ruleSet?.tests.first)
    #expect(test.rule == "payout-burst" && test.fires == true && test.line == 4)
    #expect(
      test.steps.map { String(decoding: $0.json, as: UTF8.self) } == [
        #"{"id":"e1","type":"payout.requested","meta":{"sent_ms":1767618000000},"user":{"id":"u1"},"#
          + #""device":{"id":"d1"},"payout":{"amount_minor":500,"currency":"EUR"}}"#,
        #"{"id":"e2","type":"payout.requested","meta":{"sent_ms":1767619800000},"user":{"id":"u1"},"#
          + #""device":{"id":"d1"},"payout":{"amount_minor":500,"currency":"EUR"}}"#,
        #"{"id":"mine","type":"reward.granted","meta":{"sent_ms":1767619800000},"user":{"id":"u1"},"device":{}}"#,
        #"{"id":"e4","type":"payout.requested","meta":{"sent_ms":1767614340000,"reverses":"mine"},"#
          + #""user":{"id":"u1"},"device":{"id":"d1"},"note":{"deep":[1,2.5,true,"x\"y"]}}"#,
      ])
    #expect(test.steps[0].expectation.fired == [])
    #expect(test.steps[2].expectation.fired == nil)
    #expect(test.steps[2].expectation.features.map(\.value) == [.null])
  }

  @Test func theEventsDecode() throws {
    let rules = try #require(try ExampleRules.load(with: ["tests/a.yaml": Self.file]).ruleSet)
    let decoder = EventDecoder(schema: rules.schema, slotCount: rules.slotCount)
    for step in try #require(rules.tests.first).steps {
      let event = try decoder.decode(step.json.span)
      #expect(event.frame.slots[0].kind == .string)
    }
  }
}
