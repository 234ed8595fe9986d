import CEL
import Events
import TestSupport
import Testing
import Windows

/// Counts and sums by panes against their definition: all records whose pane reaches into the window.
@Suite struct PaneTests {
  private static let over: Int64 = 1_000
  private static let panes = 7
  private static let width: Int64 = 143
  private static let lateness: Int64 = 200

  static let plan: WindowPlan = {
    let first = WindowEvent.Fields.features
    let features = [
      FeaturePlan(slot: first, aggregation: .count, types: [11], overMilliseconds: over, panes: panes),
      FeaturePlan(
        slot: first + 1, aggregation: .sum, types: [11], value: 0, overMilliseconds: over, panes: panes),
      FeaturePlan(
        slot: first + 2, aggregation: .count, types: [11], overMilliseconds: over, includesCurrent: false,
        panes: panes),
    ]
    let entity = EntityPlan(
      name: "user", keySlots: [0], columns: WindowEvent.columns, features: features,
      recordsType: [true, true], readsByType: [[0, 1, 2], [0, 1, 2]], retentionMilliseconds: over + lateness)
    return WindowPlan(
      identity: 77, typeTags: [11, 12], entities: [entity], latenessMillisecondsMax: lateness,
      idRetentionMilliseconds: 86_400_000)
  }()

  private static func pane(_ time: Int64) -> Int64 { time / width }

  @Test func panesCountWhatTheirDefinitionSays() {
    let base = UInt64.random(in: 0..<1_000_000)
    print("pane streams from seed \(base)")
    for seed in base..<base + 200 {
      var random = SeededGenerator(seed: seed)
      let store = MemoryWindows(bytesMax: 1 << 20, shardCount: 1)
      var records: [(id: String, time: Int64, amount: Int64)] = []
      var newest: Int64 = 0
      var time: Int64 = 1_000_000
      for number in 0..<300 {
        time += Int64.random(in: 0...60, using: &random)
        var event = WindowEvent(
          id: "e\(number)", time: max(0, time - Int64.random(in: 0...150, using: &random)))
        event.slots[WindowEvent.Fields.amount] = .int(Int64.random(in: -5...50, using: &random))
        let visit = waitFor { resume in
          store.exchange(Visit.prepare(event.decoded(featureCount: 3), plan: Self.plan), resume: resume)
        }
        newest = max(newest, event.time)
        let before = Self.expected(records, event.time, newest)
        if event.type == 0, case .int(let amount) = event.slots[WindowEvent.Fields.amount] {
          records.append((event.id, event.time, amount))
        }
        let after = Self.expected(records, event.time, newest)
        let slots = (0..<3).map { visit.event.frame.slots[WindowEvent.Fields.features + $0] }
        let found = slots.map(\.integer)
        #expect(found == [after.count, after.sum, before.count], "seed \(seed), event \(number)")
        #expect(slots.allSatisfy { $0.flags == .approximate })
        if found != [after.count, after.sum, before.count] { return }
      }
      // The log of 300 records was cut although the panes still hold them.
      #expect(store.statistics.entityBytes < 30_000)
    }
  }

  private static func expected(
    _ records: [(id: String, time: Int64, amount: Int64)], _ time: Int64, _ newest: Int64
  ) -> (count: Int64, sum: Int64) {
    let horizon = newest - over - lateness
    let lower = max(time - over, time <= horizon ? .min : horizon)
    let members = records.filter { pane($0.time) >= pane(lower + 1) && pane($0.time) >= pane(horizon) }
    return (Int64(members.count), members.reduce(0) { $0 + $1.amount })
  }
}
