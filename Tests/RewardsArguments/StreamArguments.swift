package import ArgumentParser
package import RewardsSimulator

/// What the programs ask about a simulated stream; how many players it has, each asks for itself.
package struct StreamArguments: ParsableArguments {
  private static let operationsMax = 1_000

  @Option(help: "Days, from 2026-03-02 on.")
  package var days = 60
  @Option(
    name: .customLong("frauds"),
    help: ArgumentHelp("Kinds of fraud, with commas between, `all` or `none`.", valueName: "kinds"))
  package var fraudNames = "all"
  @Option(help: "How much of each fraud, 0 to 1.")
  package var strength = Plan.strengthDefault
  @Option(help: "How well each fraud is hidden, 0 to 1.")
  package var camouflage = Plan.camouflageDefault
  @Option(help: "Operations of each kind of fraud; one for 500 players unless given.")
  package var operations: Int?

  package init() {}

  package func validate() throws {
    guard (1...Plan.daysMax).contains(days) else { throw ValidationError("`--days` is 1 to \(Plan.daysMax)") }
    guard (0...1).contains(strength) else { throw ValidationError("`--strength` is 0 to 1") }
    guard (0...1).contains(camouflage) else { throw ValidationError("`--camouflage` is 0 to 1") }
    if let operations, !(0...Self.operationsMax).contains(operations) {
      throw ValidationError("`--operations` is 0 to \(Self.operationsMax)")
    }
    _ = try frauds()
  }

  /// The kinds that are named.
  package func frauds() throws -> [FraudKind] {
    do { return try FraudKind.kinds(fraudNames) } catch { throw ValidationError("\(error)") }
  }
}
