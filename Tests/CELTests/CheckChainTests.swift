import CEL
import Testing

/// What is said about comparisons that rule each other out, and about those that always come to the same.
@Suite("Checking: chains of comparisons")
struct CheckChainTests {
  /// What stands under the finding and its message, nil where nothing is found.
  static let cases: [(source: String, finding: String?)] = [
    ("payouts_24h > 5 && payouts_24h < 3", "error payouts_24h < 3 | payouts_24h > 5"),
    ("payouts_24h > 5 && payouts_24h < 7", nil),
    ("payouts_24h > 5 && payouts_24h < 6", "error payouts_24h < 6 | payouts_24h > 5"),
    ("payouts_24h > 5 && (rooted || payouts_24h < 3)", nil),
    ("rooted || (payouts_24h * 2 > 9 && 4 >= payouts_24h)", "error 4 >= payouts_24h | payouts_24h * 2 > 9"),
    ("payout.amount > 5.0 && payout.amount < 3.0", "error payout.amount < 3.0 | payout.amount > 5.0"),
    ("payout.amount > 5.0 && payout.amount < 5.5", nil),
    ("payout.amount >= 5.0 && payout.amount <= 5.0", nil),
    ("payout.amount >= 5.0 && payout.amount < 5.0", "error payout.amount < 5.0 | payout.amount >= 5.0"),
    ("count > 5u && count < 3u", "error count < 3u | count > 5u"),
    (
      "since_last_reward > duration('2h') && since_last_reward < duration('90m')",
      "error since_last_reward < duration('90m') | since_last_reward > duration('2h')"
    ),
    (
      "event.time > timestamp('2026-02-01T00:00:00Z') && event.time < timestamp('2026-03-01T00:00:00Z')", nil
    ),
    ("user.id == 'a' && user.id == 'b'", "error user.id == 'b' | user.id == 'a'"),
    ("user.id == 'a' && user.id != 'a'", "error user.id != 'a' | user.id == 'a'"),
    ("user.id != 'a' && user.id != 'b'", nil),
    ("user.id in ['a', 'b'] && user.id == 'c'", "error user.id == 'c' | user.id in ['a', 'b']"),
    ("user.id in ['a', 'b'] && user.id in ['b', 'c']", nil),
    (
      "user.id in ['a', 'b'] && user.id != 'a' && user.id != 'b'",
      "error user.id != 'b' | user.id in ['a', 'b']"
    ),
    ("!(user.id in ['a']) && user.id == 'a'", "error user.id == 'a' | !(user.id in ['a'])"),
    ("rooted && !rooted", "error !rooted | rooted"), ("rooted && user.id == 'a' && rooted", nil),
    ("rooted == true && rooted == false", "error rooted == false | rooted == true"),
    ("has(user.id) && !has(user.id)", "error !has(user.id) | has(user.id)"),
    ("has(user.id) && user.id == 'a'", nil),
    (
      "user.id.startsWith('a') && !user.id.startsWith('a')",
      "error !user.id.startsWith('a') | user.id.startsWith('a')"
    ),
    ("size(user.id) > 5 && size(user.id) < 3", "error size(user.id) < 3 | size(user.id) > 5"),
    ("tags.all(t, size(t) > 5 && size(t) < 3)", "error size(t) < 3 | size(t) > 5"),
    ("tags.exists(t, t == 'a') && tags.exists(t, t == 'b')", nil),
    ("user.id != 'a' || user.id != 'b'", "warning user.id != 'b' | user.id != 'a'"),
    ("user.id == 'a' || user.id == 'b'", nil),
    ("payouts_24h > 3 || payouts_24h < 5", "warning payouts_24h < 5 | payouts_24h > 3"),
    ("payouts_24h > 5 || payouts_24h < 3", nil),
    ("payouts_24h > 3 || payouts_24h <= 3", "warning payouts_24h <= 3 | payouts_24h > 3"),
    ("rooted || !rooted", "warning !rooted | rooted"),
    // NaN is neither.
    ("payout.amount > 3.0 || payout.amount <= 3.0", nil), ("extra > 3 || extra <= 3", nil),
    ("extra == 1 && extra == 2", "error extra == 2 | extra == 1"),
    ("payouts_24h > 5 ? payouts_24h < 3 : rooted", nil),
  ]

  @Test("Comparisons that leave nothing, and that leave everything", arguments: cases)
  func chains(source: String, finding: String?) {
    let found = CheckEnvironment.findings(source).first.map(Self.parts)
    #expect(found == finding, "\(source)")
  }

  /// Severity, what is pointed at, and the other one that the message names.
  private static func parts(_ finding: String) -> String {
    let isWarning = finding.hasPrefix("warning")
    let named = finding.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { $0.element }
    return "\(isWarning ? "warning" : "error") \(named.prefix(2).joined(separator: " | "))"
  }

  /// Whatever is called impossible here has no value anywhere: all small numbers are tried.
  @Test func whatNeverHoldsHoldsForNoNumber() throws {
    let names = ["payouts_24h", "payouts_24h + 1", "2 * payouts_24h", "-1 * payouts_24h"]
    let operators = ["==", "!=", "<", "<=", ">", ">="]
    var (never, always) = (0, 0)
    for (first, second) in Self.pairs(names, operators) {
      for symbol in ["&&", "||"] {
        let source = "\(first) \(symbol) \(second)"
        let findings = CheckEnvironment.findings(source)
        guard let finding = findings.first else { continue }
        let program = Program(unchecked: try Expression.parse(source), in: CheckEnvironment.environment)
        var frame = Frame(slotCount: CheckEnvironment.declared.count)
        let slot = try #require(CheckEnvironment.declared.firstIndex { $0.0 == "payouts_24h" })
        for number in -6...6 {
          frame.slots[slot] = .int(Int64(number))
          let holds = try program.holds(frame)
          #expect(holds == finding.hasPrefix("warning"), "\(source) with \(number): \(finding)")
        }
        if finding.hasPrefix("warning") { always += 1 } else { never += 1 }
      }
    }
    #expect(never > 100 && always > 100)
  }

  private static func pairs(_ names: [String], _ operators: [String]) -> [(String, String)] {
    var pairs: [(String, String)] = []
    for name in names {
      for first in operators {
        for second in operators {
          for number in -2...2 { pairs.append(("payouts_24h \(first) 0", "\(name) \(second) \(number)")) }
        }
      }
    }
    return pairs
  }

  static let decided: [(source: String, findings: [String])] = [
    (
      "payouts_24h / 0 > 1",
      [
        "warning: cel-always-fails [payouts_24h / 0] `payouts_24h / 0` always fails | there is no division by zero"
      ]
    ),
    ("payout.amount / 0.0 > 1.0", []),
    (
      "user.id in ['a', 'b', 'a']",
      ["warning: cel-duplicate-member ['a'] the member `'a'` stands in the list already | take it out"]
    ),
    ("user.id in []", ["cel-never-holds [user.id in []] `user.id in []` never holds | the list is empty"]),
    (
      "user.id.contains('')",
      [
        "warning: cel-always-holds [user.id.contains('')] `user.id.contains('')` always holds | every text has the empty text within it"
      ]
    ),
    (
      "user.id != user.id",
      ["cel-never-holds [user.id != user.id] `user.id != user.id` never holds | both sides are the same"]
    ),
    (
      "user.id <= user.id",
      [
        "warning: cel-always-holds [user.id <= user.id] `user.id <= user.id` always holds | both sides are the same"
      ]
    ),
    ("payout.amount == payout.amount", []),
    (
      "payouts_24h > 1e19",
      [
        "cel-never-holds [payouts_24h > 1e19] `payouts_24h > 1e19` never holds | an int has 64 bits"
      ]
    ),
    (
      "payouts_24h < 1e19",
      [
        "warning: cel-always-holds [payouts_24h < 1e19] `payouts_24h < 1e19` always holds | an int has 64 bits"
      ]
    ),
  ]

  @Test("Calls and comparisons that one operand decides", arguments: decided)
  func oneOperandDecides(source: String, findings: [String]) {
    #expect(CheckEnvironment.findings(source) == findings)
  }

  @Test func aVariableMayHaveARange() throws {
    let environment = Environment(variables: [
      .init(name: "share", type: .double, slot: 0, range: 0...1),
      .init(name: "n", type: .int, slot: 1, range: 0 ... .infinity),
    ])
    func finding(_ source: String) -> String? {
      do {
        let warning = try Expression.parse(source).check(in: environment).warnings.first
        return warning.map { "\($0.message): \($0.hint ?? "")" }
      } catch { return error.all.first.map { "\($0.message): \($0.hint ?? "")" } }
    }
    #expect(finding("share > 90.0") == "`share > 90.0` never holds: `share` is from 0 to 1")
    #expect(finding("share > 90") == "`share > 90` never holds: `share` is from 0 to 1")
    #expect(finding("n < 0") == "`n < 0` never holds: `n` is at least 0")
    #expect(finding("n >= 0") == "`n >= 0` always holds: `n` is at least 0")
    #expect(finding("share > 0.5 && n > 0") == nil)
  }
}
