/// What is measured while faults happen.
package struct ChaosFigures: Sendable {
  /// Answers, and of these: degraded decisions, refused conflicts, repeated and recomputed decisions, blocks.
  package var answers = 0
  package var degraded = 0
  package var conflicts = 0
  package var repeated = 0
  package var recomputed = 0
  package var blocked = 0
  /// Answers whose windows were compared with the ledger; those that said that they were late or had lost records.
  package var compared = 0
  package var late = 0
  package var unknown = 0
  /// Logs and events compared with the ledger when all was quiet, and how often a log was trimmed.
  package var logs = 0
  package var present = 0
  package var trims = 0
  /// Acknowledged events that were looked for when all was quiet, and those that were lost, by logs that say so and by
  /// logs that do not.
  package var acknowledged = 0
  package var lostKnown = 0
  package var lostUnknown = 0
  /// The same by the kind of blow.
  package var lostBy: [String: Int] = [:]
  /// Events that were decided while degraded, and found in the logs afterwards.
  package var appendedLate = 0
  /// Blows by kind.
  package var faults: [String: Int] = [:]
  /// From when Redis was back to the first of several decisions in a row that are not degraded, with nothing left to be
  /// appended: one for each instance and blow. Seconds.
  package var recoveries: [Double] = []
  /// What must never be, in words; at most some.
  package var violations: [String] = []
  package var violationCount = 0
  /// What goes on, for the words of violations.
  var phase = "at first"

  /// Nothing yet.
  package init() {}

  /// Events that were decided, with Redis or without.
  package var decisions: Int { answers - conflicts }
  /// Acknowledged events that were lost.
  package var lost: Int { lostKnown + lostUnknown }

  mutating func violate(_ text: @autoclosure () -> String) {
    violationCount += 1
    if violations.count < 12 { violations.append("\(phase): \(text())") }
  }

  /// Adds what another run measured.
  package mutating func add(_ other: ChaosFigures) {
    for path in Self.sums { self[keyPath: path] += other[keyPath: path] }
    faults.merge(other.faults) { $0 + $1 }
    lostBy.merge(other.lostBy) { $0 + $1 }
    recoveries += other.recoveries
    violations += other.violations
  }

  private static var sums: [WritableKeyPath<ChaosFigures, Int>] {
    [
      \.answers, \.degraded, \.conflicts, \.repeated, \.recomputed, \.blocked, \.compared, \.late, \.unknown,
      \.logs, \.present, \.trims, \.acknowledged, \.lostKnown, \.lostUnknown, \.appendedLate,
      \.violationCount,
    ]
  }
}

extension ChaosFigures: CustomStringConvertible {
  /// A few lines.
  package var description: String {
    return """
      \(decisions) decisions: \(degraded) degraded (\(Self.percent(degraded, of: decisions)) %), \
      \(repeated) repeated, \(recomputed) recomputed, \(blocked) blocked; \(conflicts) conflicts refused
        faults: \(faults.values.reduce(0, +)): \(Self.list(faults))
        recovery: \(recoveries.count) times, longest \(milliseconds(1)) ms, p99 \(milliseconds(0.99)) ms, \
      median \(milliseconds(0.5)) ms; \(appendedLate) events appended late
        compared: \(compared) decisions (not \(late) late and \(unknown) unknown ones); \(logs) logs with \
      \(present) events, trimmed \(trims) times
        acknowledged: \(acknowledged), lost: \(lost) (\(Self.percent(lost, of: acknowledged)) %), \
      of which \(lostKnown) in logs that say so; by \(lostBy.isEmpty ? "nothing" : Self.list(lostBy))
        violations: \(violationCount)
      """
  }

  private static func list(_ counts: [String: Int]) -> String {
    counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  /// The recovery that so many were not longer than.
  private func milliseconds(_ share: Double) -> Int {
    let sorted = recoveries.sorted()
    let place = Int((Double(sorted.count) * share).rounded(.up)) - 1
    return sorted.indices.contains(place) ? Int((sorted[place] * 1_000).rounded()) : 0
  }

  private static func percent(_ part: Int, of whole: Int) -> Double {
    whole > 0 ? (Double(part) * 10_000 / Double(whole)).rounded() / 100 : 0
  }
}
