package import Windows

/// What a window holds and answers, written as a scan over the list of everything that arrived: the definition.
///
/// Nothing here is shared with the fold, and nothing is fast: each question simulates the whole log again.
package struct WindowOracle {
  /// One record of an entity's log.
  package struct Record {
    package var id: String
    package var type: UInt32
    package var time: Int64
    package var target: String?
    package var effect: Effect
    package var columns: [UInt32: Cell]

    package init(
      id: String, type: UInt32, time: Int64, target: String?, effect: Effect, columns: [UInt32: Cell]
    ) {
      self.id = id
      self.type = type
      self.time = time
      self.target = target
      self.effect = effect
      self.columns = columns
    }
  }

  /// What a record does to its target.
  package enum Effect { case none, reverses, amends, excludes }

  /// One recorded value; numbers are integers already.
  package enum Cell: Hashable {
    case missing, failure
    case integer(Int64)
    case text(String)
  }

  /// The answer of a feature, before its kind is known.
  package enum Answer: Equatable {
    case missing, failure
    case integer(Int64)
    case double(Double)
    case text(String)
    /// The feature's `empty`.
    case empty
  }

  package var entity: EntityPlan
  package var lateness: Int64

  package init(entity: EntityPlan, lateness: Int64) {
    self.entity = entity
    self.lateness = lateness
  }

  private struct Member {
    var time: Int64
    var arrival: Int
    var cell: Cell
    func precedes(_ other: Member) -> Bool { (time, arrival) < (other.time, other.arrival) }
  }

  private struct Held {
    var members: [Member] = []
    var dropped: Member?
    var lacking = Int64.min
  }

  /// The answer and the marks `saturated` and `warming` of `feature` at `time`; with `ownIsLast` the last record
  /// of `log` is the event's own. With `hasLimit` false it tells what a limit of any number would.
  package func read(
    _ feature: FeaturePlan, log: [Record], ownIsLast: Bool, time: Int64, currency: String?,
    hasLimit: Bool = true
  ) -> (answer: Answer, saturated: Bool, warming: Bool) {
    if feature.currency != nil && currency == nil { return (.missing, false, false) }
    let (before, after, horizon) = simulate(
      feature, limit: hasLimit ? feature.limit : .max, log: log, ownIsLast: ownIsLast, currency: currency)
    let early = !feature.includesCurrent || feature.aggregation == .last || feature.aggregation == .sinceLast
    let held = early ? before : after
    let lower = feature.overMilliseconds.map { time - feature.delayMilliseconds - $0 } ?? .min
    let upper = feature.delayMilliseconds == 0 ? Int64.max : time - feature.delayMilliseconds
    var window = held.members.filter { $0.time > lower && $0.time <= upper }
    window = Array(window.suffix(feature.last ?? .max))
    let reach = max(lower, horizon)
    var saturated = held.dropped.map { $0.time > reach } ?? false
    var warming = held.lacking > reach
    if let last = feature.last, window.count == last {
      saturated = held.dropped.map { $0.time > horizon && window[0].precedes($0) } ?? false
      warming = held.lacking > max(window[0].time, horizon)
    }
    return (answer(feature, window, time, saturated), saturated, warming)
  }

  /// What the feature's group holds when the last event is evaluated, before and after its own record counts.
  private func simulate(
    _ feature: FeaturePlan, limit: Int, log: [Record], ownIsLast: Bool, currency: String?
  ) -> (before: Held, after: Held, horizon: Int64) {
    let span = groupSpan(feature)
    let retention = retention
    var newest = Int64.min
    var held = Held()
    var before = Held()
    var seen: [(record: Record, arrival: Int, newest: Int64)] = []
    func cut(_ length: Int64) -> Int64 { length == .max || newest == .min ? .min : newest - length }
    for (arrival, record) in log.enumerated() {
      if record.effect != .excludes {
        if seen.contains(where: {
          $0.record.effect != .excludes && $0.record.id == record.id && $0.record.time > cut(retention)
        }) {
          continue
        }
        newest = max(newest, record.time)
      }
      held.members.removeAll { $0.time <= cut(span) }
      let isOwn = ownIsLast && arrival == log.count - 1
      seen.append((record, arrival, newest))
      func enter(_ index: Int) {
        let (target, place, then) = seen[index]
        let applied = seen.filter { other in
          other.record.target == target.id && other.record.effect != .none
            && (other.arrival >= place || retention == .max || other.record.time > then - retention)
        }
        add(feature, target, place, applied.map(\.record), currency, cut(span), to: &held)
        if held.members.count > limit {
          let oldest = held.members.removeFirst()
          if held.dropped.map({ $0.precedes(oldest) }) ?? true { held.dropped = oldest }
        }
      }
      if let id = record.target,
        let index = seen.firstIndex(where: {
          $0.record.id == id && $0.record.effect != .excludes && $0.record.time > cut(retention)
            && $0.arrival != arrival
        }), record.effect != .excludes || feature.countsAcceptedOnly
      {
        held.members.removeAll { $0.arrival == seen[index].arrival }
        if seen[index].record.time > cut(span) { enter(index) }
      }
      if isOwn { before = held }
      if record.effect != .excludes && (isOwn || record.time > cut(span)) { enter(seen.count - 1) }
    }
    if !ownIsLast { before = held }
    return (before, held, cut(span))
  }

  /// How long records are kept at least.
  var retention: Int64 { entity.features.map(groupSpan).reduce(entity.retentionMilliseconds, max) }

  private func groupSpan(_ feature: FeaturePlan) -> Int64 {
    entity.features.filter { other in
      other.types == feature.types && other.condition == feature.condition && other.value == feature.value
        && other.currency == feature.currency && other.countsAcceptedOnly == feature.countsAcceptedOnly
        && other.limit == feature.limit && other.panes == feature.panes
    }.map { other in
      other.overMilliseconds.map { other.delayMilliseconds + $0 + lateness } ?? .max
    }.max() ?? 0
  }

  private func add(
    _ feature: FeaturePlan, _ record: Record, _ arrival: Int, _ operations: [Record], _ currency: String?,
    _ horizon: Int64, to held: inout Held
  ) {
    let cell: Cell
    switch self.cell(feature, record, operations, currency) {
    case .none: return
    case .lacking:
      held.lacking = max(held.lacking, record.time)
      return
    case .member(let found): cell = found
    }
    let member = Member(time: record.time, arrival: arrival, cell: cell)
    // What the limit pushed out stays out.
    if let dropped = held.dropped, dropped.time > horizon, !dropped.precedes(member) { return }
    held.members.append(member)
    held.members.sort { $0.precedes($1) }
  }

  /// What a record is to a feature.
  enum Membership {
    case none
    /// It was written before the feature had one of its columns.
    case lacking
    case member(Cell)

    var member: Cell? { if case .member(let cell) = self { cell } else { nil } }
  }

  /// What a record is to a feature, under what acts on it.
  func cell(_ feature: FeaturePlan, _ record: Record, _ operations: [Record], _ currency: String?)
    -> Membership
  {
    if operations.contains(where: { $0.effect == .reverses }) { return .none }
    if feature.countsAcceptedOnly && operations.contains(where: { $0.effect == .excludes }) { return .none }
    if let types = feature.types, !types.contains(record.type) { return .none }
    var columns = record.columns
    for amendment in operations where amendment.effect == .amends {
      let changed = amendment.columns.filter { tag, _ in
        !entity.columns.contains { $0.tag == tag && $0.isOwn }
      }
      columns.merge(changed) { old, new in new == .missing ? old : new }
    }
    func column(_ index: Int?) -> Cell?? { index.map { columns[entity.columns[$0].tag] } }
    let condition = column(feature.condition), value = column(feature.value), money = column(feature.currency)
    for cell in [condition, value, money] {
      if case .some(.none) = cell { return .lacking }
    }
    if condition == .integer(0) || condition == .missing || value == .missing { return .none }
    if let money, money != currency.map({ .text($0) }) { return .none }
    return .member(condition == .failure || value == .failure ? .failure : (value ?? .missing) ?? .missing)
  }

  /// What the integers of a feature's column are divided by; nil where they stand for themselves.
  func scale(_ feature: FeaturePlan) -> Double? {
    guard let value = feature.value, case .quantised(let digits) = entity.columns[value].kind else {
      return nil
    }
    return (0..<digits).reduce(1) { scale, _ in scale * 10 }
  }

  private func answer(_ feature: FeaturePlan, _ window: [Member], _ time: Int64, _ saturated: Bool) -> Answer
  {
    if window.contains(where: { $0.cell == .failure }) { return .failure }
    if saturated && feature.aggregation != .count && feature.aggregation != .distinct { return .missing }
    if window.isEmpty && feature.empty != nil && !saturated { return .empty }
    let isDouble = self.scale(feature) != nil
    let scale = self.scale(feature) ?? 1
    func scalar(_ cell: Cell?) -> Answer {
      switch cell {
      case .integer(let integer): isDouble ? .double(Double(integer) / scale) : .integer(integer)
      case .text(let text): text.utf8.count > 256 ? .missing : .text(text)
      default: .missing
      }
    }
    let numbers = window.compactMap { if case .integer(let number) = $0.cell { Int128(number) } else { nil } }
    let sum = numbers.reduce(0, +)
    let count = Double(window.count)
    let gaps = zip(window, window.dropFirst()).map { Int128($1.time - $0.time) }
    let gapSum = gaps.reduce(0, +)
    switch feature.aggregation {
    case .count: return .integer(Int64(window.count))
    case .distinct: return .integer(Int64(Set(window.map(\.cell)).count))
    case .sum:
      if isDouble { return .double(Double(sum) / scale) }
      return Int64(exactly: sum).map { .integer($0) } ?? .failure
    case _ where window.isEmpty: return .missing
    case .mean: return .double(Double(sum) / scale / count)
    case .share: return .double(Double(sum) / count)
    case .stddev:
      let spread = Int128(window.count) * numbers.map { $0 * $0 }.reduce(0, +) - sum * sum
      return .double(Double(spread).squareRoot() / count / scale)
    case .min: return scalar(numbers.min().map { .integer(Int64($0)) })
    case .max: return scalar(numbers.max().map { .integer(Int64($0)) })
    case .first: return scalar(window[0].cell)
    case .last: return scalar(window[window.count - 1].cell)
    case .sinceFirst: return .integer(max(0, time - window[0].time))
    case .sinceLast: return .integer(max(0, time - window[window.count - 1].time))
    case .gapMean: return gaps.isEmpty ? .missing : .integer(Int64(gapSum / Int128(gaps.count)))
    case .gapVariation:
      if gaps.count < 2 || gapSum == 0 { return .missing }
      let spread = Int128(gaps.count) * gaps.map { $0 * $0 }.reduce(0, +) - gapSum * gapSum
      return .double(Double(spread).squareRoot() / Double(gapSum))
    }
  }
}
