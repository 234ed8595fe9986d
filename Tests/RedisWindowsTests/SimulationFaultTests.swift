import Foundation
import RedisTestSupport
import Testing

/// Many seeds of several processes over one simulated Redis where things go wrong. A seed that fails is printed, and
/// `ASSAY_SIMULATION_SEED` replays it; `ASSAY_SIMULATION_SEEDS` says how many are run.
@Suite struct SimulationFaultTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let repeated = environment["ASSAY_SIMULATION_SEED"].flatMap { UInt64($0) }
  private static let count = environment["ASSAY_SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 1_000
  /// More tell nothing new.
  private static let failuresMax = 20

  @Test func everyPromiseIsKept() {
    let base = Self.repeated ?? 1
    var total = SimulationReport()
    var failures = 0
    for seed in base..<base + (Self.repeated == nil ? Self.count : 1) where failures < Self.failuresMax {
      let simulation = FaultSimulation(seed: seed, isTraced: Self.repeated != nil)
      let violation = simulation.run()
      #expect(violation == nil, "ASSAY_SIMULATION_SEED=\(seed): \(violation ?? "")")
      if let violation {
        print("ASSAY_SIMULATION_SEED=\(seed): \(violation)")
        failures += 1
      }
      total += simulation.report
    }
    print("simulated seeds from \(base): \(total)")
  }
}
