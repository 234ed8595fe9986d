/// A rule set whose only rule adds a score that tells which version decided.
enum TwoRules {
  static func files(score: Int) -> [String: String] {
    [
      "ruleset.yaml": "ruleset: two\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [payout]
      fields:
        user: {type: string, required: true}
        receiver: {type: string, sensitive: true}
      """,
      "features.yaml": "features:\n  payouts: {count: payout, by: user, over: 1h}\n",
      "rules/rules.yaml": rules(score: score),
    ]
  }

  static func rules(score: Int) -> String {
    """
    rules:
      - id: always
        title: Fires for every payout
        family: velocity
        on: payout
        when: payouts >= 1
        score: \(score)
        reason: "scored \(score), {payouts} payouts"
    """
  }

  static func event(_ number: Int, user: Int = 0) -> String {
    #"{"id":"e\#(user)-\#(number)","type":"payout","time":"2026-01-05T12:00:00Z","user":"u\#(user)"}"#
  }
}
