import ArgumentParser
import Foundation
import RewardsArguments
import RewardsSimulator
import RewardsWorth
import RuleSets

/// Measures what the rules of a folder are worth on the simulator's streams.
@main struct RewardsWorthCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rewards-worth",
    abstract: "Measure what rules catch, what it costs, and how soon, on simulated streams.",
    discussion: """
      Thresholds are chosen on the training seeds. The figures that count are those of the seeds held aside: ask for them when \
      the rules are done, and never look at their single events.
      """
  )

  enum Format: String, CaseIterable, ExpressibleByArgument { case text, markdown, json }

  @Argument(help: "The folder of the rules.")
  var rules = "Rules/rewards"
  @Option(help: ArgumentHelp("`training`, `held-aside`, or numbers with commas between.", valueName: "seeds"))
  var seeds = "training"
  @Option(help: "Honest players of each seed.")
  var players = 500
  @OptionGroup var stream: StreamArguments
  @Option(help: "text, markdown or json.")
  var format = Format.text

  func validate() throws {
    guard (0...100_000).contains(players) else { throw ValidationError("`--players` is 0 to 100000") }
    let seeds = try numbers()
    guard Set(seeds).count == seeds.count else { throw ValidationError("a seed stands twice in `--seeds`") }
  }

  func run() throws {
    let plan = WorthPlan(
      seeds: try numbers(), players: players, days: stream.days, frauds: try stream.frauds(),
      strength: stream.strength, camouflage: stream.camouflage, operations: stream.operations)
    let report = WorthMeasure.report(try RuleSet(contentsOf: rules), plan) { seed in
      FileHandle.standardError.write(Data("seed \(seed) is done\n".utf8))
    }
    switch format {
    case .text: print(report.text, terminator: "")
    case .markdown: print(report.markdown, terminator: "")
    case .json: print(report.json, terminator: "")
    }
  }

  private func numbers() throws -> [UInt64] {
    switch seeds {
    case "training": return Array(WorthPlan.training)
    case "held-aside": return Array(WorthPlan.heldAside)
    default:
      return try seeds.split(separator: ",", omittingEmptySubsequences: false).map { text in
        guard let seed = UInt64(text) else { throw ValidationError("`\(text)` is no seed") }
        return seed
      }
    }
  }
}
