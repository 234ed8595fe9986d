package import Assay
internal import RuleSets

/// What other rules decided about the same events: a few bytes for each, by a hash of its id.
package struct BaselineRecord: Sendable {
  /// Lists of fired rules that are told apart; decisions with further ones are compared by outcome and score alone.
  private static let ruleListsMax = 65_536

  struct Entry: Sendable {
    let outcome: Outcome
    let score: Int32
    /// Index into the lists of fired rules; nil where there were too many.
    let rules: UInt32?
  }

  package let identity: ReplayReport.Identity
  private var entries: [Int: Entry] = [:]
  private var lists: [[String]] = [[]]
  private var indexOfList: [[String]: UInt32] = [[]: 0]

  /// Nothing decided yet.
  package init(_ identity: ReplayReport.Identity) { self.identity = identity }

  /// Events that were decided.
  var count: Int { entries.count }

  /// Keeps one decision; not of an event that was decided before, nor of a trial.
  package mutating func record(_ decision: borrowing Decision) {
    guard !decision.repeated, !decision.dryRun else { return }
    let rules = decision.reasons.isEmpty ? 0 : index(of: decision.reasons.map(\.rule))
    entries[decision.event.hashValue] = Entry(
      outcome: decision.ruled, score: Int32(clamping: decision.score), rules: rules)
  }

  func entry(_ event: String) -> Entry? { entries[event.hashValue] }

  /// The rules that fired; nil where that is not known.
  func rules(_ entry: Entry) -> [String]? { entry.rules.map { lists[Int($0)] } }

  private mutating func index(of list: [String]) -> UInt32? {
    if let index = indexOfList[list] { return index }
    guard lists.count < Self.ruleListsMax else { return nil }
    let index = UInt32(lists.count)
    lists.append(list)
    indexOfList[list] = index
    return index
  }
}

/// Compares decisions with those that other rules gave.
struct ChangeRecorder: Sendable {
  /// Examples of each kind of change.
  private static let samplesMax = 5

  private let baseline: BaselineRecord
  private var cells = Array(
    repeating: Array(repeating: ReplayReport.DecisionChanges.Cell(), count: 3), count: 3)
  private var responsible: [Responsible: Int] = [:]
  private var samples: [Int: [ReplayReport.DecisionChanges.Sample]] = [:]
  private var met = 0
  private var unmatched = 0

  private struct Responsible: Hashable {
    let rule: String
    let isNew: Bool
  }

  init(_ baseline: BaselineRecord) { self.baseline = baseline }

  /// Compares one decision, which is not one that was given before; amounts by the tally's number of the currency.
  mutating func record(
    _ decision: borrowing Decision, truth: ReplayReport.Truth, amount: Int64, currency: Int?
  ) {
    guard let entry = baseline.entry(decision.event) else {
      unmatched += 1
      return
    }
    met += 1
    let outcome = decision.ruled
    cells[entry.outcome.rank][outcome.rank].count += 1
    guard entry.outcome != outcome else { return }
    if truth == .fraud { cells[entry.outcome.rank][outcome.rank].frauds += 1 }
    if let currency { add(amount, currency, to: &cells[entry.outcome.rank][outcome.rank].amounts) }
    let (gained, lost) = differences(entry, decision)
    for rule in gained { responsible[Responsible(rule: rule, isNew: true), default: 0] += 1 }
    for rule in lost { responsible[Responsible(rule: rule, isNew: false), default: 0] += 1 }
    let kind = entry.outcome.rank * 3 + outcome.rank
    guard samples[kind, default: []].count < Self.samplesMax else { return }
    samples[kind, default: []].append(
      .init(
        event: decision.event, before: entry.outcome, after: outcome, scoreBefore: Int(entry.score),
        scoreAfter: decision.score, gained: gained, lost: lost, truth: truth))
  }

  private func add(_ amount: Int64, _ currency: Int, to amounts: inout [Int128]) {
    while amounts.count <= currency { amounts.append(0) }
    amounts[currency] += Int128(amount)
  }

  private func differences(
    _ entry: BaselineRecord.Entry, _ decision: borrowing Decision
  ) -> (gained: [String], lost: [String]) {
    guard let before = baseline.rules(entry) else { return ([], []) }
    let now = decision.reasons.map(\.rule)
    return (now.filter { !before.contains($0) }, before.filter { !now.contains($0) })
  }

  /// What changed; `order` puts the tally's currencies into the report's.
  func changes(order: [Int]) -> ReplayReport.DecisionChanges {
    var changes = ReplayReport.DecisionChanges(baseline: baseline.identity)
    changes.cells = cells.map { row in
      row.map { cell in
        var cell = cell
        let amounts = cell.amounts
        if !amounts.isEmpty { cell.amounts = order.map { amounts.indices.contains($0) ? amounts[$0] : 0 } }
        return cell
      }
    }
    changes.responsible =
      responsible
      .sorted {
        ($1.value, $0.key.rule, $0.key.isNew ? 0 : 1) < ($0.value, $1.key.rule, $1.key.isNew ? 0 : 1)
      }
      .map { (rule: $0.key.rule, isNew: $0.key.isNew, count: $0.value) }
    // From allow to block first, then what passes now.
    changes.samples = [2, 1, 5, 6, 7, 3].flatMap { samples[$0] ?? [] }
    changes.refusedByOne = unmatched + max(0, baseline.count - met)
    return changes
  }
}

extension Decision {
  /// What the rules decided, a breaker left out.
  fileprivate var ruled: Outcome {
    if let breaker { return breaker.insteadOf }
    return outcome
  }
}
