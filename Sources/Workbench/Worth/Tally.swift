package import Assay
package import RuleSets

/// What a replay is, counted by kind: everything that does not need the time can be derived from it exactly.
///
/// The number of kinds is bounded: the first `kindsMax` are told apart, what comes then is counted without its rules.
/// Outcomes at any thresholds stay exact; what rules caught is then a lower bound, and `mergedCount` says by how much.
package struct Tally: Sendable {
  /// Kinds that are told apart, with their rules.
  package static let kindsMax = 65_536

  /// A rule as the tally needs it.
  package struct RuleFacts: Hashable, Sendable {
    package let id: String
    package let isShadow: Bool
    package let score: Int
    package let decide: Outcome?
  }

  /// The rules in the rule set's order; those that are off are not among them.
  package let rules: [RuleFacts]
  /// The thresholds of the rule set.
  package let thresholds: Thresholds
  /// The names of the event types.
  package let types: [String]
  /// The kinds in the order in which they first came, and how many events are of each.
  package private(set) var kinds: [(kind: TallyKind, count: TallyCount)] = []
  /// Lists of rules that fired together, as ascending indices into `rules`; the first is empty.
  package private(set) var ruleLists: [[Int]] = [[]]
  package internal(set) var currencies = Currencies()
  /// Events that are counted without their rules because there were too many kinds.
  package private(set) var mergedCount = 0
  private let kindsMax: Int
  private let ruleIndex: [String: Int]
  private var indexOfKind: [TallyKind: Int] = [:]
  private var indexOfList: [[Int]: Int] = [[]: 0]
  /// Where the last event was counted: the next one is often of the same kind.
  private var last = 0

  /// Nothing counted yet; `kindsMax` is for tests.
  package init(_ rules: RuleSet, kindsMax: Int = Tally.kindsMax) {
    self.rules = rules.rules.map {
      RuleFacts(id: $0.id, isShadow: $0.status == .shadow, score: $0.score, decide: $0.decide)
    }
    ruleIndex = Dictionary(
      zip(self.rules.map(\.id), self.rules.indices), uniquingKeysWith: { first, _ in first })
    thresholds = rules.thresholds
    types = rules.schema.types
    self.kindsMax = kindsMax
  }

  /// Events that were counted.
  package var eventCount: Int { kinds.reduce(0) { $0 + $1.count.events } }

  /// The place of the rule `id` in `rules`.
  package func rule(_ id: String) -> Int? { ruleIndex[id] }

  /// The indices of the live rules that fired for events of `kind`; empty where kinds were merged.
  package func live(_ kind: TallyKind) -> [Int] { kind.live.map { ruleLists[$0] } ?? [] }

  /// The indices of the shadow rules that fired, likewise.
  package func shadow(_ kind: TallyKind) -> [Int] { kind.shadow.map { ruleLists[$0] } ?? [] }

  /// Counts one decision.
  ///
  /// - Parameters:
  ///   - type: the event's, an index into the schema's types.
  ///   - amount: in minor units of `currency`, which is an index into `currencies`; nil for events without one.
  package mutating func count(
    _ decision: borrowing Decision, type: Int, label: Label, amount: Int64 = 0, currency: Int? = nil
  ) {
    let kind = kind(of: decision, type, label, currency)
    let index = index(of: kind)
    if kinds[index].kind.live == nil { mergedCount += 1 }
    kinds[index].count.events += 1
    kinds[index].count.amount += Int128(amount)
    last = index
  }

  private mutating func index(of kind: TallyKind) -> Int {
    if kinds.indices.contains(last), kinds[last].kind == kind { return last }
    if let index = indexOfKind[kind] { return index }
    let isMerged = kinds.count >= kindsMax && kind.live != nil
    if isMerged { return index(of: kind.merged) }
    kinds.append((kind, TallyCount()))
    indexOfKind[kind] = kinds.count - 1
    return kinds.count - 1
  }

  private mutating func kind(
    of decision: borrowing Decision, _ type: Int, _ label: Label, _ currency: Int?
  ) -> TallyKind {
    var (decided, isExcused, floor) = (Outcome.allow, false, Outcome.allow)
    for reason in decision.reasons {
      decided = max(decided, reason.decide ?? .allow)
      if reason.decide == .allow { isExcused = true }
    }
    for unknown in decision.notEvaluated { floor = max(floor, unknown.floor ?? .allow) }
    let live = decision.reasons.isEmpty ? 0 : list(decision.reasons.compactMap { ruleIndex[$0.rule] })
    let shadow = decision.shadow.isEmpty ? 0 : list(decision.shadow.compactMap { ruleIndex[$0.rule] })
    let isTold = live != nil && shadow != nil
    return TallyKind(
      type: type, live: isTold ? live : nil, shadow: isTold ? shadow : nil, score: decision.score,
      decided: decided, isExcused: isExcused, floor: floor, outcome: decision.outcome, label: label,
      currency: currency)
  }

  /// The number of a list; nil for a new one when there are too many kinds already.
  private mutating func list(_ rules: [Int]) -> Int? {
    if let index = indexOfList[rules] { return index }
    guard kinds.count < kindsMax else { return nil }
    ruleLists.append(rules)
    indexOfList[rules] = ruleLists.count - 1
    return ruleLists.count - 1
  }
}
