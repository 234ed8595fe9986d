package import CEL
package import Windows

/// What a feature kept by panes answers: the records whose pane of time reaches into the window, each pane whole.
///
/// A record may be cut as soon as nothing but panes needs it, and whether it was is the store's business: what takes it back
/// or changes it is then without effect. So the definition gives bounds, and they are one number where no counted record was
/// acted on.
extension WindowOracle {
  /// The least and the most that may have been counted.
  package struct PaneBounds: CustomStringConvertible {
    var count = 0...0
    var failures = 0...0
    var sum: ClosedRange<Int128> = 0...0
    /// Some record may have acted on others or not: nothing can be told.
    var isOpen = false

    package var description: String {
      isOpen ? "anything" : "\(count) records, \(failures) failed, sum \(sum)"
    }

    /// Adds a record that counted in one of these ways, at one time or another: nil is not at all.
    fileprivate mutating func add(_ ways: [Cell?]) {
      func add<Number: Comparable & AdditiveArithmetic>(
        _ range: inout ClosedRange<Number>, _ value: (Cell?) -> Number
      ) {
        let values = ways.map(value)
        guard let least = values.min(), let most = values.max() else { return }
        range = range.lowerBound + least...range.upperBound + most
      }
      add(&count) { $0 == nil ? 0 : 1 }
      add(&failures) { $0 == .failure ? 1 : 0 }
      add(&sum) { if case .integer(let number)? = $0 { Int128(number) } else { 0 } }
    }
  }

  /// The bounds for `feature`; those in `uncertain` were appended and may have counted or not.
  package func readPanes(
    _ feature: FeaturePlan, log: [Record], ownIsLast: Bool, time: Int64, currency: String?,
    uncertain: [Record] = []
  ) -> PaneBounds {
    guard let over = feature.overMilliseconds, let panes = feature.panes else { return PaneBounds() }
    let width = max(1, (over + Int64(panes) - 1) / Int64(panes))
    func pane(_ time: Int64) -> Int64 { time >= 0 ? time / width : -((width - 1 - time) / width) }
    let counted = countPanes(feature, log: log, ownIsLast: ownIsLast, currency: currency) {
      pane($0) < pane($1 - over - lateness)
    }
    let horizon = (counted.newest ?? time) - over - lateness
    let lower = time <= horizon ? time - over : max(time - over, horizon)
    let first = max(pane(lower + 1), counted.newest == nil ? .min : pane(horizon))
    var bounds = PaneBounds()
    for (time, ways) in counted.ways where pane(time) >= first { bounds.add(ways) }
    for record in uncertain {
      bounds.isOpen = bounds.isOpen || record.target != nil
      if pane(record.time) >= first { bounds.add([nil, cell(feature, record, [], currency).member]) }
    }
    return bounds
  }

  /// Every record with the ways in which it counted, one after another, as what acts on it arrived.
  private func countPanes(
    _ feature: FeaturePlan, log: [Record], ownIsLast: Bool, currency: String?,
    isPast: (_ time: Int64, _ newest: Int64) -> Bool
  ) -> (ways: [(time: Int64, ways: [Cell?])], newest: Int64?) {
    let retention = retention
    var newest: Int64?
    var seen: [(record: Record, newest: Int64, ways: [Cell?])] = []
    func isGone(_ time: Int64, _ newest: Int64) -> Bool { retention != .max && time <= newest - retention }
    for (arrival, record) in log.enumerated() where record.effect != .excludes {
      if let newest, seen.contains(where: { $0.record.id == record.id && !isGone($0.record.time, newest) }) {
        continue
      }
      let now = max(newest ?? .min, record.time)
      newest = now
      seen.append((record, now, []))
      func count(_ index: Int) {
        let (target, then, _) = seen[index]
        let operations = seen.indices.filter { other in
          seen[other].record.target == target.id
            && (other >= index || !isGone(seen[other].record.time, then))
        }
        let cell = cell(feature, target, operations.map { seen[$0].record }, currency).member
        if !isPast(target.time, now) { seen[index].ways.append(cell) }
      }
      let own = seen.count - 1
      if let id = record.target,
        let index = seen.firstIndex(where: { $0.record.id == id && !isGone($0.record.time, now) }),
        index != own
      {
        count(index)
      }
      let isLeftOut = ownIsLast && arrival == log.count - 1 && !feature.includesCurrent
      if !isLeftOut { count(own) }
    }
    return (seen.map { ($0.record.time, $0.ways) }, newest)
  }

  /// What is wrong with an answer of a feature kept by panes; nil when it is right.
  package func difference(
    _ feature: FeaturePlan, _ slot: Slot, _ answer: Answer, from bounds: PaneBounds, hasReloaded: Bool
  ) -> String? {
    if feature.currency != nil && answer == .missing { return nil }
    let isLess = hasReloaded && slot.flags.contains(.warming)
    if slot.flags.contains(.approximate), slot.flags.isDisjoint(with: [.saturated, .evicted]),
      isLess || hasReloaded || !slot.flags.contains(.warming), allows(answer, feature, bounds, isLess: isLess)
    {
      return nil
    }
    return "\(answer) \(slot.flags) by panes, expected \(bounds)"
  }

  private func allows(_ answer: Answer, _ feature: FeaturePlan, _ bounds: PaneBounds, isLess: Bool) -> Bool {
    if bounds.isOpen { return true }
    if answer == .failure { return bounds.failures.upperBound > 0 }
    if bounds.failures.lowerBound > 0 && !isLess { return false }
    if answer == .empty { return bounds.count.lowerBound <= 0 || isLess }
    if feature.aggregation == .count {
      guard case .integer(let count) = answer else { return false }
      return isLess ? count <= bounds.count.upperBound : bounds.count.contains(Int(count))
    }
    if isLess { return true }
    switch answer {
    case .integer(let sum): return bounds.sum.contains(Int128(sum))
    case .double(let sum):
      let scale = scale(feature) ?? 1
      return sum >= Double(bounds.sum.lowerBound) / scale && sum <= Double(bounds.sum.upperBound) / scale
    default: return false
    }
  }
}
