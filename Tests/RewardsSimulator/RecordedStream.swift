/// A whole stream in memory, for tests and files.
package struct RecordedStream: Sendable {
  /// Events as lines of JSON, in order of arrival.
  package private(set) var lines: [String] = []
  /// `{"event":…,"user":…,"fraud":…}` for each event that is part of a fraud, in the same order, each id once.
  package private(set) var labels: [String] = []

  package init(_ plan: Plan) {
    let simulation = Simulation(plan)
    while let event = simulation.next() {
      lines.append(String(decoding: event.line, as: UTF8.self))
      if !event.label.isEmpty, !event.isRetry { labels.append(String(decoding: event.label, as: UTF8.self)) }
    }
  }

  /// Some 2,000 events with a little fraud of three kinds, another for each seed.
  package init(small seed: UInt64) {
    let frauds: [FraudKind] = [.sharedReceiver, .metronome, .deviceFarm]
    var plan = Plan(seed: seed, players: 8, days: 14, frauds: frauds, strength: 0)
    plan.operationDays = 3
    self.init(plan)
  }
}
