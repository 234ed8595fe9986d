import CAllocationCount
import CEL
import Events
import TestSupport
import Windows

/// What a visit to the windows costs as windows and entities grow, and what an entity's memory is.
enum WindowGrowthBenchmark {
  /// Records in the window at equal total bytes: amortised constant.
  static func records() {
    var baseline: Double?
    for count in [10, 100, 1_000, 4_000] {
      var workload = WindowWorkload(entities: 400_000 / count, recordsInWindow: count)
      workload.fill()
      let timing = Timing.of(operations: 400_000, rounds: 3) { workload.visitInTurn(400_000) }
      report("windows, \(grouped(count)) records each", timing, against: &baseline)
    }
  }

  /// Entities with four records each, visited at random; beside it what the cache misses alone cost.
  static func entities() {
    var baseline: Double?
    for count in [1_000, 10_000, 100_000, 1_000_000] {
      var workload = WindowWorkload(entities: count, recordsInWindow: 4)
      workload.fill()
      let timing = Timing.of(operations: 300_000, rounds: 3) { workload.visitAtRandom(300_000) }
      let misses = dependentLoads(overBytes: workload.store.statistics.bytes)
      report(
        "windows, \(grouped(count)) entities", timing, against: &baseline,
        " (a load from memory of that size: \(decimal(misses, places: 0)) ns)")
    }
  }

  /// Bytes per live entity against the bytes of its records.
  static func memory() {
    for count in [4, 40, 400] {
      let entities = 400_000 / count
      let before = allocated_bytes()
      var workload = WindowWorkload(entities: entities, recordsInWindow: count)
      workload.fill()
      let bytes = Double(allocated_bytes() - before) / Double(entities)
      let records = Double(workload.recordBytes * count)
      print(
        "memory, \(count) records an entity: \(decimal(bytes, places: 0)) bytes an entity with its ids, "
          + "\(decimal(records, places: 0)) of them records; at most 2x + 512 is \(decimal(2 * records + 512, places: 0)) "
          + "(\(decimal(bytes / (2 * records + 512))) of it)")
    }
  }

  private static func report(
    _ name: String, _ timing: Timing, against baseline: inout Double?, _ remark: String = ""
  ) {
    let ratio = timing.bestNanoseconds / (baseline ?? timing.bestNanoseconds)
    baseline = baseline ?? timing.bestNanoseconds
    print(
      "\(name): \(decimal(timing.bestNanoseconds, places: 0)) ns a visit, \(decimal(ratio))x the first\(remark)"
    )
  }

  /// Nanoseconds of one load that depends on the one before, in a random cycle through that much memory.
  private static func dependentLoads(overBytes bytes: Int) -> Double {
    let lines = max(1, bytes / 64)
    var next = Array(0..<lines)
    var random = SeededGenerator(seed: 1)
    for index in stride(from: lines - 1, to: 0, by: -1) {
      next.swapAt(index, Int.random(in: 0..<index, using: &random))
    }
    var spread = Array(repeating: 0, count: lines * 8)
    for (index, target) in next.enumerated() { spread[index * 8] = target * 8 }
    var position = 0
    let timing = Timing.of(operations: 200_000, rounds: 3) {
      for _ in 0..<200_000 { position = spread[position] }
    }
    keep(position)
    return timing.bestNanoseconds
  }
}
