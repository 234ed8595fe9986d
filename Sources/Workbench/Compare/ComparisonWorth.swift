internal import RuleSets

/// What two rule sets catch of the same events, against the same truth. Only events that both decided count, so that
/// the figures of the two stand side by side.
package struct ComparisonWorth: Sendable {
  /// By rank of the outcome.
  private var before = Array(repeating: StakesByTruth(), count: Outcome.allCases.count)
  private var after = Array(repeating: StakesByTruth(), count: Outcome.allCases.count)

  /// One figure of both.
  package struct Row: Hashable, Sendable {
    package let level: CatchLevel
    package let name: String
    package let before: String
    package let after: String
  }

  /// Nothing counted yet.
  package init() {}

  mutating func count(_ change: OutcomeChange, _ facts: WorthRecorder.Facts) {
    var count = TallyCount()
    (count.events, count.amount) = (1, Int128(facts.amount))
    before[change.before.rank].add(count, facts.label, facts.currency)
    after[change.after.rank].add(count, facts.label, facts.currency)
  }

  /// What each of the two raised and let pass.
  package func confusions(_ level: CatchLevel) -> (before: Confusion, after: Confusion) {
    func confusion(_ stakes: [StakesByTruth]) -> Confusion {
      var confusion = Confusion()
      for outcome in Outcome.allCases {
        if outcome >= level.outcome {
          confusion.raised = confusion.raised + stakes[outcome.rank]
        } else {
          confusion.passed = confusion.passed + stakes[outcome.rank]
        }
      }
      return confusion
    }
    return (confusion(before), confusion(after))
  }

  /// The figures for people, those that are nothing on both sides left out.
  func rows(_ currencies: Currencies) -> [Row] {
    CatchLevel.allCases.flatMap { level in
      let (before, after) = confusions(level)
      func row(_ name: String, _ text: (Confusion) -> String) -> Row {
        Row(level: level, name: name, before: text(before), after: text(after))
      }
      let amounts = (0..<currencies.count).sorted { currencies[$0] < currencies[$1] }.filter { currency in
        [before, after].contains { $0.caught.amount(currency) != 0 || $0.missed.amount(currency) != 0 }
      }
      return [
        row("precision") { $0.precision.textWithInterval }, row("recall") { $0.recall.textWithInterval },
        row("frauds caught") {
          "\(grouped($0.caught.events)) of \(grouped($0.caught.events + $0.missed.events))"
        },
        row("false alarms") { grouped($0.falseAlarms.events) },
      ]
        + amounts.map { currency in
          row("amount caught") { MoneyText.text($0.caught.amount(currency), currencies[currency]) }
        }
    }
  }
}

extension CatchLevel {
  /// `blocked`, or `reviewed or blocked`.
  var title: String { self == .blocked ? "blocked" : "reviewed or blocked" }
}
