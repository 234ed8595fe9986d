import ArgumentParser
import Glibc
import RewardsArguments
import RewardsSimulator

/// Writes a rewards platform's events, and what they truly are apart.
@main struct RewardsSimulatorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewards-simulator",
    abstract: "Write the events of a made-up rewards platform, in order of arrival.",
    discussion: """
      Honest players with their habits and oddities, and the frauds of the catalogue. The same arguments give the same bytes. \
      Memory holds the players and what is on its way, never the stream.
      """)

  @Option(help: "The seed of all chance.")
  var seed: UInt64 = 1
  @Option(help: "Honest players.")
  var players = 1_000
  @OptionGroup var stream: StreamArguments
  @Option(help: "Days that an operation goes on, unless it ends by itself.")
  var operationDays = 21
  @Option(help: ArgumentHelp("Where events go; - is standard output.", valueName: "file"))
  var events = "-"
  @Option(help: ArgumentHelp("Where labels go; nowhere unless given.", valueName: "file"))
  var labels: String?
  @Flag(name: .customLong("list"), help: "List the kinds of fraud.")
  var lists = false

  func validate() throws {
    guard (0...Plan.playersMax).contains(players) else {
      throw ValidationError("`--players` is 0 to \(Plan.playersMax)")
    }
    guard (1...Plan.daysMax).contains(operationDays) else {
      throw ValidationError("`--operation-days` is 1 to \(Plan.daysMax)")
    }
  }

  func run() throws {
    if lists { return FraudKind.allCases.forEach { print($0.rawValue) } }
    var plan = Plan(
      seed: seed, players: players, days: stream.days, frauds: try stream.frauds(),
      strength: stream.strength, camouflage: stream.camouflage, operations: stream.operations)
    plan.operationDays = operationDays
    var lines = try LineFile(events)
    var truth = try labels.map { path throws(LineFile.Failure) in try LineFile(path) }
    let simulation = Simulation(plan)
    while let event = simulation.next() {
      try lines.write(event.line)
      if !event.label.isEmpty, !event.isRetry { try truth?.write(event.label) }
    }
    try lines.close()
    try truth?.close()
  }
}
