import CEL
import Events
import TestSupport
import Windows

/// Entities whose windows hold a given number of records in the steady state, four features each.
struct WindowWorkload {
  let store = MemoryWindows(bytesMax: 1 << 34)
  private let plan: WindowPlan
  private let entities: Int
  private let stepMilliseconds: Int64 = 1
  private let fillCount: Int
  private var frame = Frame()
  private var time: Int64 = 1_700_000_000_000
  private var number = 0
  private var random = SeededGenerator(seed: 7)

  /// The bytes of one record of this workload.
  private(set) var recordBytes = 0

  init(entities: Int, recordsInWindow: Int) {
    self.entities = entities
    fillCount = entities * recordsInWindow
    let over = Int64(fillCount) * stepMilliseconds
    let features = [Aggregation.count, .sum, .mean, .max].enumerated().map { index, aggregation in
      FeaturePlan(
        slot: 2 + index, aggregation: aggregation, value: aggregation == .count ? nil : 0,
        overMilliseconds: over)
    }
    plan = WindowPlan(
      identity: 1, typeTags: [1],
      entities: [
        EntityPlan(
          name: "user", keySlots: [0], columns: [ColumnPlan(tag: 1, slot: 1, kind: .quantised(scale: 2))],
          features: features, recordsType: [true], readsByType: [[0, 1, 2, 3]], retentionMilliseconds: over)
      ], latenessMillisecondsMax: 0, idRetentionMilliseconds: over)
  }

  /// Brings every window to its size.
  mutating func fill() { visitInTurn(fillCount) }

  /// Visits the entities one after another.
  mutating func visitInTurn(_ count: Int) {
    for _ in 0..<count { visit(entity: number % entities) }
  }

  /// Visits entities at random.
  mutating func visitAtRandom(_ count: Int) {
    for _ in 0..<count { visit(entity: Int(random.next() % UInt64(entities))) }
  }

  private mutating func visit(entity: Int) {
    time += stepMilliseconds
    number += 1
    var used = frame
    frame = Frame()
    used.slots.removeAll(keepingCapacity: true)
    used.arena.removeAll(keepingCapacity: true)
    for _ in 0..<6 { used.slots.append(.missing) }
    used.slots[0] = used.storeNumber(entity)
    used.slots[1] = .double(Double(number % 1_000) / 4)
    let id = used.storeNumber(number)
    let event = Event(
      frame: used, id: id, type: 0, time: time, digest: EventDigest(high: UInt64(number), low: 0))
    let prepared = Visit.prepare(event, plan: plan)
    recordBytes = prepared.appends.first?.record.count ?? 0
    guard let visit = store.exchange(prepared, resume: { _ in }) else {
      preconditionFailure("memory answers at once")
    }
    precondition(visit.event.frame.slots[2].kind == .int, "the window has a count")
    frame = visit.event.frame
  }
}

extension Frame {
  /// A number as ten decimal digits of text, without making a string.
  fileprivate mutating func storeNumber(_ number: Int) -> Slot {
    let start = arena.count
    var rest = number
    for _ in 0..<10 {
      arena.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    }
    return Slot(kind: .string, length: 10, payload: UInt64(start))
  }
}
