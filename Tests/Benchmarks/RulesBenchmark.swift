import Assay
import CAllocationCount
import CEL
import Events
import Foundation
import RuleSets
import TestSupport
import Windows

/// Twenty rules over events that carry every feature as a field: the cost of rules alone.
///
/// The rules and the sums that their decisions must come to are data (`bench/rules-20.json`); a wrong sum ends the run.
enum RulesBenchmark {
  /// How much longer a thousand rules may take than the twenty, most of them being for other types or values.
  private static let growthMax = 5.0

  static func run() throws {
    guard let workload = try RulesWorkload.load() else {
      return print("rules: skipped, the shared workload is absent")
    }
    let twenty = try workload.ruleSet()
    try verify(workload, twenty)
    let alone = try conditionsAlone("20 rules", workload, twenty)
    let thousand = try conditionsAlone("1,000 rules", workload, workload.ruleSet(others: 980))
    let growth = thousand.bestNanoseconds / alone.bestNanoseconds
    print(
      "rules only, 1,000 rules: \(decimal(growth))x the time of 20, at most \(decimal(growthMax, places: 0))x"
    )
    precondition(growth <= growthMax, "a thousand rules take too long")
    try decisions(workload, twenty)
    try fromJSON(workload, twenty)
  }

  /// The conditions over frames that are there, and the score of those that hold: no allocation.
  private static func conditionsAlone(
    _ name: String, _ workload: RulesWorkload, _ rules: RuleSet
  ) throws -> Timing {
    let conditions = try workload.conditions(rules, type: 0)
    let frames = try workload.events(rules).map(\.frame)
    var sum = 0
    let round = { for index in frames.indices { sum += conditions.score(of: frames[index]) } }
    round()
    precondition(
      rules.rules.count > 20 || sum == workload.check.score_sum, "the scores differ from the workload's sum")
    let before = allocation_count()
    round()
    let allocations = allocation_count() - before
    precondition(allocations == 0, "\(name): \(allocations) allocations")
    let timing = Timing.of(operations: frames.count * 20, rounds: 9) { for _ in 0..<20 { round() } }
    keep(sum)
    print(
      "rules only, \(name): \(decimal(timing.bestNanoseconds, places: 0)) ns an event, "
        + "\(grouped(timing.perSecond)) a second, 0 allocations")
    return timing
  }

  /// Whole decisions, with their reasons, over windows that were read.
  private static func decisions(_ workload: RulesWorkload, _ rules: RuleSet) throws {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let visits = try workload.lines.map { try engine.preparedVisit($0) }
    var score = 0
    let round = { for visit in visits { score &+= try engine.evaluate(visit).score } }
    let before = allocation_count()
    try round()
    let allocations = Double(allocation_count() - before) / Double(visits.count)
    let timing = try Timing.of(operations: visits.count * 20) { for _ in 0..<20 { try round() } }
    keep(score)
    print(
      "decisions with reasons, 20 rules: \(decimal(timing.bestNanoseconds, places: 0)) ns an event, "
        + "\(grouped(timing.perSecond)) a second, \(decimal(allocations)) allocations a decision")
  }

  /// From the bytes of an event to its score. The peers' script reads this line.
  private static func fromJSON(_ workload: RulesWorkload, _ rules: RuleSet) throws {
    let conditions = try workload.conditions(rules, type: 0)
    let decoder = EventDecoder(schema: rules.schema, slotCount: rules.slotCount)
    var sum = 0
    let timing = try Timing.of(operations: workload.lines.count * 5) {
      var frame = Frame()
      for _ in 0..<5 {
        for line in workload.lines {
          let event = try decoder.decode(line.span, reusing: consume frame)
          sum += conditions.score(of: event.frame)
          frame = event.frame
        }
      }
    }
    keep(sum)
    print(
      "rules from JSON, 20 rules: \(decimal(timing.bestNanoseconds, places: 0)) ns an event, "
        + "\(grouped(timing.perSecond)) a second")
  }

  private static func verify(_ workload: RulesWorkload, _ rules: RuleSet) throws {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var sum = 0
    var outcomes: [String: Int] = [:]
    for line in workload.lines {
      let decision = try engine.decide(line)
      sum += decision.score
      outcomes[decision.outcome.rawValue, default: 0] += 1
    }
    precondition(
      sum == workload.check.score_sum && outcomes == workload.check.outcomes,
      "the decisions differ from the workload's sums")
  }
}
