import RuleSets
import TestSupport

/// A rule set that has one of everything the engine treats differently.
enum SmallRules {
  static let schema = """
    event: {id: id, type: type, time: time, reverses: reverses}
    types: [payout, login]
    fields:
      user: {type: string, required: true}
      device: {type: string}
      payout.amount: {type: int}
      receiver: {type: string, sensitive: true}
      trusted: {type: bool}
    """

  static let features = """
    features:
      payouts_1h: {count: payout, by: user, over: 1h}
      accepted_1h: {count: payout, by: user, over: 1h, counting: accepted, export: true}
      since_last_payout: {since_last: payout, by: user, over: 1h}
      devices: {distinct: device, by: user, over: 1d, export: true}
      receiver_users: {distinct: user, by: receiver, over: 1d, export: true}
      last_receiver: {last: receiver, by: user, over: 1d, export: true}
    """

  static let rules = """
    rules:
      - id: second
        title: A second payout
        family: velocity
        on: payout
        when: payouts_1h == 2
        score: 50
        reason: "{payouts_1h} payouts, {since_last_payout} after the last"
      - id: watch-amount
        title: Watched
        family: behaviour
        on: payout
        when: has(payout.amount) && payout.amount > 5
        score: 10
        status: shadow
    """

  static let head = """
    ruleset: small
    decision: {review: 40, block: 80}
    """

  /// The rule set above, or with other rules.
  static func load(rules: String = SmallRules.rules, head: String = SmallRules.head) throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": head, "schema.yaml": schema, "features.yaml": features, "rules/all.yaml": rules,
    ])
  }
}
