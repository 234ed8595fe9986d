import Assay
import Foundation
import RuleSets
import TestSupport
import Windows

/// Twenty rules over events that carry every feature as a field: the cost of rules alone.
///
/// The rules and the sums that their decisions must come to are data (`bench/rules-20.json`); a wrong sum ends the run.
enum RulesBenchmark {
  private struct Workload: Decodable {
    struct Rule: Decodable {
      let id: String
      let when: String
      let score: Int
    }
    struct Check: Decodable {
      let score_sum: Int
      let outcomes: [String: Int]
    }
    let rules: [Rule]
    let check: Check
  }

  static func run() throws {
    guard let rulesFile = SharedData.url("bench/rules-20.json"),
      let events = SharedData.url("bench/events.ndjson.gz")
    else { return print("rules: skipped, the shared workload is absent") }
    let workload = try JSONDecoder().decode(Workload.self, from: Data(contentsOf: rulesFile))
    let rules = try ruleSet(workload.rules)
    let lines = try HandbookLines.load(gzip: events)
    try verify(lines, rules, workload.check)

    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let visits = try lines.map { try engine.preparedVisit($0) }
    var score = 0
    let alone = try Timing.of(operations: visits.count * 20) {
      for _ in 0..<20 { for visit in visits { score &+= try engine.evaluate(visit).score } }
    }
    keep(score)
    print(
      "rules only, 20 rules: \(decimal(alone.bestNanoseconds, places: 0)) ns an event, "
        + "\(grouped(alone.perSecond)) a second")
  }

  private static func verify(_ lines: [[UInt8]], _ rules: RuleSet, _ check: Workload.Check) throws {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    var sum = 0
    var outcomes: [String: Int] = [:]
    for line in lines {
      let decision = try engine.decide(line)
      sum += decision.score
      outcomes[decision.outcome.rawValue, default: 0] += 1
    }
    precondition(
      sum == check.score_sum && outcomes == check.outcomes, "the decisions differ from the workload's sums")
  }

  private static func ruleSet(_ rules: [Workload.Rule]) throws -> RuleSet {
    let text = rules.map {
      "  - {id: \($0.id), title: \($0.id), family: behaviour, on: any, score: \($0.score), when: '\($0.when)'}\n"
    }
    return try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: bench\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": schema, "rules/all.yaml": "rules:\n" + text.joined(),
    ])
  }

  private static let schema = """
    event: {id: id, type: {always: transaction}, time: {field: ts, as: unix_ms}}
    types: [transaction]
    fields:
      amount: {type: double, required: true}
      country: {type: string, required: true}
      card_country: {type: string, required: true}
      mcc: {type: int, required: true}
      channel: {type: string, required: true}
      account_age_days: {type: int, required: true}
      cvv: {type: bool, required: true}
      card_cnt_1m: {type: int, required: true}
      card_cnt_5m: {type: int, required: true}
      card_sum_5m: {type: double, required: true}
      card_cnt_1h: {type: int, required: true}
      card_sum_1h: {type: double, required: true}
      card_cnt_24h: {type: int, required: true}
      card_sum_24h: {type: double, required: true}
      card_merchants_1h: {type: int, required: true}
      device_cards_24h: {type: int, required: true}
      ip_cnt_5m: {type: int, required: true}
      ip_cards_1h: {type: int, required: true}
    """
}
