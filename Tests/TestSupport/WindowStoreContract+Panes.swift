import CEL
import Events
import Windows

/// What panes promise, in every store.
extension WindowStoreContract {
  private static var panesOver: Int64 { 1_000 }
  private static var panesWidth: Int64 { 100 }

  private static func panesPlan(identity: UInt64) -> WindowPlan {
    let first = WindowEvent.Fields.features
    let features = [
      FeaturePlan(slot: first, aggregation: .count, types: [11], overMilliseconds: panesOver, panes: 10),
      FeaturePlan(
        slot: first + 1, aggregation: .sum, types: [11], value: 0, overMilliseconds: panesOver, panes: 10),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true, false], readsByType: Array(repeating: [0, 1], count: 3),
      retentionMilliseconds: panesOver + 50)
    return WindowPlan(
      identity: identity, typeTags: [11, 12, 13], entities: [entity], latenessMillisecondsMax: 50,
      idRetentionMilliseconds: 86_400_000)
  }

  /// Records go from the log and stay in the panes; repeats, remembered and not, and conflicts count once;
  /// another plan counts less only where it says so.
  func panes(_ store: Store) -> String? {
    let plan = Self.panesPlan(identity: 61)
    var counted: [(time: Int64, amount: Int64)] = []
    for number in 0..<300 {
      var event = WindowEvent(id: "p\(number)", time: 100_000 + Int64(number) * 7)
      event.slots[WindowEvent.Fields.amount] = .int(Int64(number % 5))
      counted.append((event.time, Int64(number % 5)))
      let visit = exchange(event, store, plan)
      if let failure = difference(visit, counted, event.time) { return "event \(number): \(failure)" }
      if number % 3 == 0 { store.remember(visit, decision: [1]) }
      if number % 4 == 0 { _ = exchange(event, store, plan) }
      if number % 16 == 8 {
        var other = event
        other.slots[WindowEvent.Fields.amount] = .int(77)
        if exchange(other, store, plan).prior != .conflict { return "event \(number): no conflict" }
      }
    }
    return reloadedPanes(store, &counted)
  }

  private func reloadedPanes(_ store: Store, _ counted: inout [(time: Int64, amount: Int64)]) -> String? {
    let plan = Self.panesPlan(identity: 62)
    for number in 300..<600 {
      var event = WindowEvent(id: "p\(number)", time: 100_000 + Int64(number) * 7)
      event.slots[WindowEvent.Fields.amount] = .int(1)
      counted.append((event.time, 1))
      let visit = exchange(event, store, plan)
      let slots = visit.event.frame.slots[WindowEvent.Fields.features...].prefix(2)
      let isWarming = slots.contains { $0.flags.contains(.warming) }
      if isWarming {
        let isLess = zip(slots, Self.expected(counted, event.time)).allSatisfy { $0.integer <= $1 }
        if !isLess || number >= 300 + Int(Self.panesOver) / 7 + 30 { return "event \(number) is warming" }
      } else if let failure = difference(visit, counted, event.time) {
        return "event \(number) after a reload: \(failure)"
      }
    }
    return nil
  }

  private func exchange(_ event: WindowEvent, _ store: Store, _ plan: WindowPlan) -> Visit {
    let visit = Visit.prepare(event.decoded(featureCount: 2), plan: plan)
    return waitFor { resume in store.exchange(visit, resume: resume) }
  }

  /// Count and sum of all whose pane reaches into the window.
  private static func expected(_ counted: [(time: Int64, amount: Int64)], _ time: Int64) -> [Int64] {
    let first = (time - panesOver + 1) / panesWidth
    let members = counted.filter { $0.time / panesWidth >= first }
    return [Int64(members.count), members.reduce(0) { $0 + $1.amount }]
  }

  private func difference(_ visit: Visit, _ counted: [(time: Int64, amount: Int64)], _ time: Int64) -> String?
  {
    let slots = visit.event.frame.slots[WindowEvent.Fields.features...].prefix(2)
    let expected = Self.expected(counted, time)
    if slots.map(\.integer) == expected, slots.allSatisfy({ $0.flags.contains(.approximate) }) { return nil }
    return "\(slots.map(\.integer)) \(slots.map(\.flags)), expected \(expected)"
  }
}
