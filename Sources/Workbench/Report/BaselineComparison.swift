internal import Assay
package import RuleSets
internal import Windows

/// Decides the lines of a replay by other rules beside it, and compares decision by decision as `RuleSetComparison` does:
/// each set of rules with windows of its own, in the order of the replay, in constant memory.
package struct BaselineComparison: Sendable {
  /// Examples of each kind of change.
  private static let samplesMax = 5

  private let engine: Engine<MemoryWindows>
  private let identity: ReplayReport.Identity
  private let difference: RuleSetDifference
  private let thresholds: (before: Thresholds, after: Thresholds)
  private var summary = ComparisonSummary()
  private var worth = ComparisonWorth()
  private var samples: [OutcomeChange: [ReplayReport.DecisionChanges.Sample]] = [:]
  private var refusedByOne = 0
  /// What the baseline decided about the line that the replay is at.
  private var answer = Answer.none

  private enum Answer {
    case none
    case decided(Decision)
    case refused
  }

  /// Nothing compared yet; `rules` are those of the replay.
  package init(
    _ baseline: RuleSet, against rules: RuleSet, program: String,
    bytesMax: Int = Engine<MemoryWindows>.bytesMaxDefault
  ) {
    engine = Engine(rules: baseline, options: EngineOptions(clock: .replay), bytesMax: bytesMax)
    identity = ReplayReport.Identity(baseline, program: program)
    difference = RuleSetDifference(before: baseline, after: rules)
    thresholds = (baseline.thresholds, rules.thresholds)
  }

  /// Decides a line that the replay is about to decide.
  mutating func decide(_ line: Span<UInt8>) {
    noteRefusal()
    do throws(EventRefusal) {
      answer = .decided(try engine.decide(line))
    } catch {
      answer = .refused
    }
  }

  /// The replay had no answer to the line before, or there is none.
  private mutating func noteRefusal() {
    if case .decided = answer { refusedByOne += 1 }
    answer = .none
  }

  /// Compares with the replay's decision about that line; `facts` is nil where it does not count there.
  mutating func record(
    _ decision: borrowing Decision, _ facts: WorthRecorder.Facts?, _ currencies: Currencies
  ) {
    defer { answer = .none }
    switch answer {
    case .none: return
    case .refused: if !decision.repeated { refusedByOne += 1 }
    case .decided(let before): compare(before, decision, facts, currencies)
    }
  }

  private mutating func compare(
    _ before: Decision, _ now: borrowing Decision, _ facts: WorthRecorder.Facts?, _ currencies: Currencies
  ) {
    let change = summary.count(before, now, thresholds.after)
    if let facts { worth.count(OutcomeChange(before.outcome, now.outcome), facts) }
    guard let change else { return }
    let parties = before.differences(
      to: now, thresholds: thresholds.before, laterThresholds: thresholds.after)
    let truth = facts?.label.truth ?? .unknown
    let amounts = facts.flatMap { facts in
      facts.currency.map {
        [Amount(kind: Amount.Kind(field: "", currency: currencies[$0]), minor: facts.amount)]
      }
    }
    summary.count(change, parties, amounts: amounts ?? [], truth: truth)
    guard samples[change, default: []].count < Self.samplesMax else { return }
    samples[change, default: []].append(
      .init(
        event: now.event, change: change, scoreBefore: before.score, scoreAfter: now.score, parties: parties,
        truth: truth))
  }

  /// What changed; `order` puts the tally's currencies into the report's.
  func changes(_ currencies: Currencies, order: [Int], hasLabels: Bool) -> ReplayReport.DecisionChanges {
    var changes = ReplayReport.DecisionChanges(baseline: identity)
    for outcome in Outcome.allCases {
      let changed = summary.changes.reduce(0) { $1.key.before == outcome ? $0 + $1.value.count : $0 }
      changes.cells[outcome.rank][outcome.rank].count = (summary.outcomesBefore[outcome] ?? 0) - changed
    }
    for (change, counted) in summary.changes {
      changes.cells[change.before.rank][change.after.rank] = .init(
        count: counted.count, frauds: counted.frauds,
        amounts: order.map { counted.amounts.sum(Amount.Kind(field: "", currency: currencies[$0])) })
    }
    changes.rescored = summary.rescored
    changes.parties = parties
    changes.samples = OutcomeChange.gravestFirst.flatMap { samples[$0] ?? [] }
    if hasLabels { changes.worth = worth.rows(currencies) }
    changes.refusedByOne = refusedByOne
    if case .decided = answer { changes.refusedByOne += 1 }
    return changes
  }

  /// The one with the most changes first.
  private var parties: [ReplayReport.DecisionChanges.Party] {
    summary.parties.map { party, counted in
      ReplayReport.DecisionChanges.Party(
        name: party.name, cause: difference.cause(of: party),
        changes: OutcomeChange.gravestFirst.compactMap { change in
          counted[change].map { (change: change, count: $0.count) }
        })
    }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}
