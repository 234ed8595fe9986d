import RuleSets
import Testing

/// Limits whose input is made on the spot, since a fixture would be too long to read.
@Suite struct LimitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let message: String
    /// File, line and column as they are shown.
    let place: String
    let files: @Sendable () -> [String: String]

    var testDescription: String { name }
  }

  private static let schema = """
    event: {id: id, type: type, time: {field: meta.sent_ms, as: unix_ms}, reverses: meta.reverses}
    types: [payout.requested, reward.granted, account.created]
    fields:
      user.id: {type: string, required: true}
      device.id: {type: string}
      payout.amount: {type: money, minor: payout.amount_minor, currency: payout.currency}
      payout.receiver: {type: string, sensitive: true}
      payout.rate: {type: double, scale: 2}

    """

  private static func rule(_ id: String, _ rest: String = "") -> String {
    "  - {id: \(id), title: t, family: device, on: any, when: user.id == \"\(id)\", score: 1\(rest)}\n"
  }

  private static func names(_ count: Int, _ prefix: String) -> String {
    (0..<count).map { "\(prefix)\($0)" }.joined(separator: ", ")
  }

  static let cases = [
    Case(
      name: "fields", message: "1001 fields, at most 1,000 are allowed", place: "schema.yaml:1:1"
    ) {
      ["schema.yaml": schema + (0..<996).map { "  extra\($0): {type: int}\n" }.joined()]
    },
    Case(
      name: "event types", message: "257 event types, at most 256 are allowed", place: "schema.yaml:2:8"
    ) {
      let types = "payout.requested, reward.granted, account.created"
      return ["schema.yaml": schema.replacing(types, with: types + ", " + names(254, "t"))]
    },
    Case(
      name: "fields of a key", message: "a key of 9 fields, at most 8 are allowed",
      place: "features.yaml:2:98"
    ) {
      let fields = (0..<9).map { "  extra\($0): {type: int}\n" }.joined()
      let key = names(9, "extra")
      let feature = "features:\n  f: {count: any, over: 1h, by: [\(key)], export: true}\n"
      return ["schema.yaml": schema + fields, "features.yaml": feature]
    },
    Case(name: "lists", message: "1001 lists, at most 1,000 are allowed", place: "lists.yaml:1002:3") {
      let lists = (1...1_000).map { "  l\($0): [a]\n" }.joined()
      return ["lists.yaml": "lists:\n  trusted: [d1]\n" + lists]
    },
    Case(
      name: "items of a list", message: "more than 1,000,000 items in one list",
      place: "lists/trusted.txt:1000001:1"
    ) {
      ["lists/trusted.txt": (0...RuleSetLimits.listItemsMax).map { "\($0)\n" }.joined()]
    },
    Case(
      name: "rules", message: "more than 10,000 rules in one rule set", place: "rules/velocity.yaml:10001:5"
    ) {
      let rules = (1...RuleSetLimits.rulesMax).map { rule("r\($0)") }.joined()
      return ["rules/velocity.yaml": "rules:\n" + rules]
    },
    Case(name: "tags", message: "1001 tags, at most 1,000 are allowed", place: "rules/more.yaml:2:86") {
      ["rules/more.yaml": "rules:\n" + rule("r", ", tags: [\(names(1_001, "t"))]")]
    },
    Case(
      name: "suppressions", message: "1001 suppressions, at most 1,000 are allowed",
      place: "rules/more.yaml:1009:9"
    ) {
      let head = """
        rules:
          - id: r
            title: t
            family: device
            on: any
            when: user.id == "r"
            score: 1
            suppress:

        """
      let suppression = "      - {field: user.id, equals: u, until: 2026-05-01T10:00:00Z, reason: known}\n"
      return ["rules/more.yaml": head + String(repeating: suppression, count: 1_001)]
    },
    Case(name: "tests", message: "10001 tests, at most 10,000 are allowed", place: "tests/t.yaml:10002:6") {
      let tests = (0...RuleSetLimits.testsMax).map { "  - {name: n\($0), events: [{at: 0s}]}\n" }
      return ["tests/t.yaml": "tests:\n" + tests.joined()]
    },
    Case(
      name: "events of a test", message: "more than 20,000 events in one test, repetitions included",
      place: "tests/t.yaml:5:9"
    ) {
      let event = "{type: payout.requested, at: 0s, repeat: 20000, every: 1s, with: {user.id: u}}"
      return ["tests/t.yaml": "tests:\n  - name: n\n    events:\n      - \(event)\n      - \(event)\n"]
    },
  ]

  @Test(arguments: cases) func aLimitSaysWhereItIsPassed(_ limit: Case) throws {
    let loaded = try ExampleRules.load(with: limit.files())
    #expect(loaded.ruleSet == nil)
    let lines = loaded.rendered().split(separator: "\n")
    let shown = lines.indices.filter { lines[$0].hasPrefix("error[too-many]: ") }
    #expect(shown.map { String(lines[$0].dropFirst(17)) } == [limit.message], "\(lines.prefix(20))")
    guard let first = shown.first else { return }
    #expect(lines[first + 1].drop { $0 == " " } == "--> \(limit.place)")
  }

  /// What repeats costs no more than what does not: a set that probed repeats one by one took minutes.
  @Test func aListOfOneValueIsReadQuickly() throws {
    let list = String(repeating: "d\n", count: 500_000)
    let loaded = try ExampleRules.load(with: ["lists/trusted.txt": list])
    #expect(loaded.ruleSet?.lists.map(\.count) == [500_000])
    #expect(loaded.findings.all.count == DiagnosticCollector.countMax)
    #expect(loaded.findings.omitted == 499_999 - DiagnosticCollector.countMax)
  }
}
