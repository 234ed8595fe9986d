package import RewardsSimulator

/// Which streams the rules are measured on.
package struct WorthPlan: Sendable {
  /// Thresholds of `Rules/rewards` were chosen on these, and on the frauds of the seeds from 9 to 30.
  package static let training: ClosedRange<UInt64> = 1...8
  /// The figures that are published are from these, on which nothing was ever chosen. Once somebody has looked at their
  /// events to better a rule, others have to take their place.
  package static let heldAside: ClosedRange<UInt64> = 4_201...4_208

  package var seeds: [UInt64]
  /// Of each seed.
  package var players: Int
  package var days: Int
  package var frauds: [FraudKind]
  package var strength: Double
  package var camouflage: Double
  package var operations: Int?

  /// None of the seeds is held aside: what is seen here may change a rule.
  package var isForTraining: Bool { !seeds.contains { Self.heldAside.contains($0) } }

  /// The measure by which thresholds are chosen, unless something else is said.
  package init(
    seeds: [UInt64] = Array(WorthPlan.training), players: Int = 500, days: Int = 60,
    frauds: [FraudKind] = FraudKind.allCases, strength: Double = Plan.strengthDefault,
    camouflage: Double = Plan.camouflageDefault, operations: Int? = nil
  ) {
    (self.seeds, self.players, self.days, self.frauds) = (seeds, players, days, frauds)
    (self.strength, self.camouflage, self.operations) = (strength, camouflage, operations)
  }

  /// What is simulated for one seed.
  package func plan(_ seed: UInt64) -> Plan {
    Plan(
      seed: seed, players: players, days: days, frauds: frauds, strength: strength, camouflage: camouflage,
      operations: operations)
  }
}
