/// What to simulate. The same plan gives the same bytes on every machine.
package struct Plan: Sendable {
  /// 2026-03-02T00:00:00Z, a Monday.
  package static let start: Int64 = 1_772_409_600_000
  /// Strength and camouflage of a fraud unless something else is said.
  package static let strengthDefault = 0.5
  /// A third: whoever hides as well as a person earns no more than one.
  package static let camouflageDefault = 0.35
  /// One operation of each kind of fraud for so many honest players, one at least.
  package static let playersPerOperation = 500
  /// So many years keep times within what dates can say.
  package static let daysMax = 3_660
  package static let playersMax = 10_000_000

  package var seed: UInt64
  /// Honest ones.
  package var players: Int
  package var days: Int
  package var frauds: [FraudKind]
  /// How much of it: how many accounts, how often, how greedy; 0 to 1.
  package var strength: Double
  /// How well it is hidden: jitter, sleep, spread over addresses and phones, patience; 0 to 1.
  package var camouflage: Double
  /// Of each kind of fraud.
  package var operations: Int
  /// Days that an operation goes on, unless it ends by itself.
  package var operationDays = 21

  package init(
    seed: UInt64, players: Int, days: Int, frauds: [FraudKind] = FraudKind.allCases,
    strength: Double = Plan.strengthDefault, camouflage: Double = Plan.camouflageDefault,
    operations: Int? = nil
  ) {
    self.seed = seed
    self.players = min(max(players, 0), Self.playersMax)
    self.days = min(max(days, 1), Self.daysMax)
    self.frauds = frauds
    self.strength = min(max(strength, 0), 1)
    self.camouflage = min(max(camouflage, 0), 1)
    self.operations = operations ?? max(1, players / Self.playersPerOperation)
  }

  /// When the stream ends: what has not arrived by then is not in it.
  package var end: Int64 { Self.start + Int64(days) * Time.day }
}
