import CEL
import Events
import Foundation
import RuleSets
import TestSupport

/// The rules, the events and the sums of the shared workload.
struct RulesWorkload {
  struct Rule: Decodable {
    let id: String
    let when: String
    let score: Int
  }

  struct Check: Decodable {
    let score_sum: Int
    let outcomes: [String: Int]
  }

  /// Conditions with their scores.
  struct Conditions {
    let set: ConditionSet
    let scores: [Int]

    @inline(never)
    func score(of frame: borrowing Frame) -> Int {
      var score = 0
      set.evaluate(frame) { condition, answer in if answer == .holds { score += scores[condition] } }
      return score
    }
  }

  private struct File: Decodable {
    let rules: [Rule]
    let check: Check
  }

  let rules: [Rule]
  let check: Check
  let lines: [[UInt8]]

  /// Nil where the shared data is absent.
  static func load() throws -> RulesWorkload? {
    guard let rulesFile = SharedData.url("bench/rules-20.json"),
      let events = SharedData.url("bench/events.ndjson.gz")
    else { return nil }
    let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: rulesFile))
    return RulesWorkload(
      rules: file.rules, check: file.check, lines: try HandbookLines.load(gzip: events))
  }

  /// The rules, with so many others around them: of ten four are for another event type, four for another country or
  /// merchant category, and two for a pair of both.
  func ruleSet(others: Int = 0) throws -> RuleSet {
    var text = rules.map { RulesWorkload.yaml($0.id, on: "any", $0.when, score: $0.score) }
    for number in 0..<others {
      let (type, condition) =
        switch number % 10 {
        case 0..<4: ("payout", "amount > \(number).5 && card_cnt_1h >= 3")
        case 4..<6: ("any", "country == \"X\(number)\" && amount > \(number).5")
        case 6..<8: ("any", "mcc == \(10_000 + number) && card_sum_24h > 100.0")
        default: ("any", "card_country == \"Y\(number % 97)\" && mcc == \(20_000 + number)")
        }
      text.append(RulesWorkload.yaml("x\(number)", on: type, condition, score: 1))
    }
    return try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: bench\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": RulesWorkload.schema, "rules/all.yaml": "rules:\n" + text.joined(),
    ])
  }

  private static func yaml(_ id: String, on type: String, _ condition: String, score: Int) -> String {
    "  - {id: \(id), title: \(id), family: behaviour, on: \(type), score: \(score), when: '\(condition)'}\n"
  }

  /// The events as the rule set's schema reads them.
  func events(_ rules: RuleSet) throws -> [Event] {
    let decoder = EventDecoder(schema: rules.schema, slotCount: rules.slotCount)
    return try lines.map { try decoder.decode($0.span) }
  }

  /// The conditions of the rules that look at events of a type.
  func conditions(_ rules: RuleSet, type: Int) throws -> Conditions {
    let ofType = rules.rules.filter { $0.appliesToType[type] }
    return Conditions(set: ConditionSet(ofType.map(\.condition)), scores: ofType.map(\.score))
  }

  private static let schema = """
    event: {id: id, type: {always: transaction}, time: {field: ts, as: unix_ms}}
    types: [transaction, payout]
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
