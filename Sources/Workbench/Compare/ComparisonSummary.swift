internal import Assay
package import RuleSets

/// What two rule sets made of the same events: counts, and the first samples of each kind of change. Constant memory
/// however many events there were.
package struct ComparisonSummary: Sendable {
  /// Changed decisions of one kind.
  package struct ChangeCount: Sendable, Equatable {
    package internal(set) var count = 0
    /// Those of them that are known to be fraud, and to be honest.
    package internal(set) var frauds = 0
    package internal(set) var honest = 0
    var amounts = AmountTotals()
    var fraudAmounts = AmountTotals()
    var honestAmounts = AmountTotals()

    /// The sums of all money fields by their currency; what was not summed is not in it.
    package var minorByCurrency: [String: Int] {
      amounts.sums.reduce(into: [:]) { $0[$1.key.currency, default: 0] += Int(clamping: $1.value) }
    }

    mutating func add(_ more: [Amount], _ truth: Label.Truth) {
      count += 1
      amounts.add(more)
      switch truth {
      case .fraud:
        frauds += 1
        fraudAmounts.add(more)
      case .honest:
        honest += 1
        honestAmounts.add(more)
      case .unknown: break
      }
    }

    mutating func merge(_ other: ChangeCount) {
      count += other.count
      frauds += other.frauds
      honest += other.honest
      amounts.merge(other.amounts)
      fraudAmounts.merge(other.fraudAmounts)
      honestAmounts.merge(other.honestAmounts)
    }
  }

  /// How often a rule fired in each of the two, with an effect.
  package struct Hits: Sendable, Equatable {
    package internal(set) var before = 0
    package internal(set) var after = 0
    package internal(set) var onlyBefore = 0
    package internal(set) var onlyAfter = 0
  }

  /// How often a rule fired in the shadow, and what it would have changed, had it an effect.
  package struct ShadowHits: Sendable, Equatable {
    package internal(set) var before = 0
    package internal(set) var after = 0
    /// Under the rules of the later set.
    package internal(set) var wouldChange: [OutcomeChange: Int] = [:]
  }

  /// An event that one of the two takes and the other does not.
  package struct Refused: Hashable, Sendable {
    /// Of the refusal.
    package let code: String
    package let isRefusedBefore: Bool
  }

  /// Lines that were read, empty ones left out.
  package internal(set) var lines = 0
  /// Events that got a decision of each, retries that both remember left out.
  package internal(set) var compared = 0
  /// Retries for which both gave the decision given before.
  package internal(set) var repeated = 0
  /// Trials (`dry_run`), which no window knows of.
  package internal(set) var dryRuns = 0
  /// Events that were late for one of the two at least.
  package internal(set) var late = 0
  /// Nil where nothing is known of the truth.
  package internal(set) var truth: ComparisonTruth?
  /// Whether amounts are of several fields.
  var namesAmountFields = false
  /// Outcomes by rule set.
  package internal(set) var outcomesBefore: [Outcome: Int] = [:]
  package internal(set) var outcomesAfter: [Outcome: Int] = [:]
  /// By kind of change.
  package internal(set) var changes: [OutcomeChange: ChangeCount] = [:]
  /// The same outcome by another score.
  package internal(set) var rescored = 0
  /// By who is responsible; a change with two parties is counted with both.
  package internal(set) var parties: [ChangeParty: [OutcomeChange: ChangeCount]] = [:]
  package internal(set) var hits: [String: Hits] = [:]
  package internal(set) var shadow: [String: ShadowHits] = [:]
  package internal(set) var refusedByOne: [Refused: Int] = [:]
  /// The first of them, with what the one that refuses says.
  package internal(set) var refusalSamples: [(refused: Refused, line: ReplaySummary.BadLine)] = []
  /// By kind of change, the first ones.
  package internal(set) var samples: [OutcomeChange: [ChangedDecision]] = [:]

  package internal(set) var refused: [String: Int] = [:]
  package internal(set) var badLines: [ReplaySummary.BadLine] = []
  package internal(set) var warnings: [String] = []
  package internal(set) var inputErrors: [InputError] = []

  /// Decisions whose outcome changed.
  package var changedCount: Int { changes.values.reduce(0) { $0 + $1.count } }
  /// Events that only one of the two takes.
  package var refusedByOneCount: Int { refusedByOne.values.reduce(0, +) }
  /// Lines that neither takes.
  package var badLineCount: Int { refused.values.reduce(0, +) }
  /// Whether every line of every file was read, and is an event of at least one of the two.
  package var isComplete: Bool { badLineCount == 0 && inputErrors.isEmpty }

  /// Whether more changed than `limit` allows. An event that only one of the two takes is a change.
  package func exceeds(_ limit: ChangeLimit) -> Bool {
    limit.isExceeded(changed: changedCount + refusedByOneCount, of: compared + refusedByOneCount)
  }

  /// The one of the two that took none of the events, where the other took some; nil where there is none such.
  package var takesNothing: (isBefore: Bool, code: String)? {
    guard compared == 0, repeated == 0 else { return nil }
    let kinds = Set(refusedByOne.keys.map(\.isRefusedBefore))
    guard kinds.count == 1, let isBefore = kinds.first,
      let most = refusedByOne.max(by: { ($0.value, $1.key.code) < ($1.value, $0.key.code) })
    else { return nil }
    return (isBefore, most.key.code)
  }

  mutating func refuse(_ line: ReplaySummary.BadLine) {
    lines += 1
    keep(line)
  }
}

extension ComparisonSummary: LineSummary {}
