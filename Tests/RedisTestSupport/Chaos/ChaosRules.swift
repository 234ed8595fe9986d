package import RuleSets
import TestSupport

/// The rules that events are decided by while faults happen.
package enum ChaosRules {
  /// The span of every window; milliseconds.
  static let window: Int64 = 7_200_000
  /// How many payments of one user within the window are not blocked.
  static let acceptedMax = 60

  /// Counts, sums and distinct values of three entities, one feature that counts accepted events only, reversals.
  package static func make() throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": """
      ruleset: chaos
      decision: {review: 40, block: 80}
      unavailable: review
      max_lateness: 1h
      """,
      "schema.yaml": """
      event: {id: id, type: type, time: {field: time_ms, as: unix_ms}, reverses: reverses}
      types: [pay, undo, probe]
      fields:
        user: {type: string, required: true}
        device: {type: string}
        card: {type: string}
        amount: {type: int}
        fee: {type: int}
        toll: {type: int}
      """,
      "features.yaml": """
      features:
        user_count: {count: pay, by: user, over: 2h}
        user_sum: {sum: amount, of: pay, by: user, over: 2h}
        user_devices: {distinct: device, of: pay, by: user, over: 2h}
        user_accepted: {count: pay, by: user, over: 2h, counting: accepted}
        device_count: {count: pay, by: device, over: 2h}
        device_sum: {sum: fee, of: pay, by: device, over: 2h}
        device_users: {distinct: user, of: pay, by: device, over: 2h}
        card_count: {count: pay, by: card, over: 2h}
        card_sum: {sum: toll, of: pay, by: card, over: 2h}
      """,
      "rules/all.yaml": """
      rules:
        - {id: often, title: Often, family: velocity, on: pay, when: user_accepted > \(acceptedMax), decide: block}
        - {id: shared, title: Shared, family: velocity, on: pay, when: device_users > 8, score: 40}
        - {id: cards, title: Cards, family: velocity, on: pay, when: card_count > 20 && card_sum > 0, score: 10}
      """,
    ])
  }
}

/// What a log may belong to; the sum of an entity's log is of a field of its own.
package enum ChaosKind: Int, CaseIterable, Sendable {
  case user
  case device
  case card

  /// The field that names the entity.
  var field: String { ["user", "device", "card"][rawValue] }
  /// The field that the entity's sum adds up.
  var amount: String { ["amount", "fee", "toll"][rawValue] }
}
