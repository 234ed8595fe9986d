import Foundation
import RuleSets
import TestSupport

/// A small rule set that is fine; what a test is about is laid over it.
enum ExampleRules {
  static func folder(with files: [String: String] = [:]) throws -> RuleSetFolder {
    try RuleSetFolder(Self.files.merging(files, uniquingKeysWith: { $1 }))
  }

  /// What loading it gives, findings included.
  static func load(with files: [String: String] = [:]) throws -> LoadedRuleSet {
    try folder(with: files).loaded()
  }

  static let files = [
    "ruleset.yaml": "ruleset: example\ndecision: {review: 40, block: 80}\nmax_lateness: 2h\n",
    "schema.yaml": """
    event: {id: id, type: type, time: {field: meta.sent_ms, as: unix_ms}, reverses: meta.reverses}
    types: [payout.requested, reward.granted, account.created]
    fields:
      user.id: {type: string, required: true}
      device.id: {type: string}
      payout.amount: {type: money, minor: payout.amount_minor, currency: payout.currency}
      payout.receiver: {type: string, sensitive: true}
      payout.rate: {type: double, scale: 2}
    """,
    "features.yaml": """
    features:
      payouts_24h: {count: payout.requested, by: user.id, over: 24h}
      paid_7d: {sum: payout.amount, of: payout.requested, by: user.id, over: 7d, counting: accepted}
      receivers: {distinct: payout.receiver, by: user.id, over: 1d, where: payout.rate > 1.0, limit: 100}
      users_of_receiver: {distinct: user.id, of: [payout.requested, reward.granted], by: payout.receiver, over: 30d}
      hours: {distinct: event.time.getHours(), by: user.id, over: 24h, delay: 7d, export: true}
      rates: {mean: payout.rate, by: user.id, last: 5, empty: 0, including_current: false}
    """,
    "rules/velocity.yaml": """
    rules:
      - id: payout-burst
        title: Fourth payout within a day
        family: velocity
        on: payout.requested
        when: payouts_24h > 3 && paid_7d > 100 && device.id in trusted
        on_missing: review
        score: 40
        reason: "{payouts_24h} payouts {{24 h}} to {payout.receiver}"
      - id: switched-off
        title: Nothing now
        family: device
        on: any
        when: rates > 1.0
        decide: block
        status: off
    """,
    "rules/more.yaml": """
    rules:
      - id: shared-receiver
        title: One receiver, many players
        family: behaviour
        on: [payout.requested, reward.granted]
        when: users_of_receiver >= 4 || receivers > 9
        on_missing: skip
        decide: block
        sample: {percent: 12.5, of: user.id}
        suppress:
          - {field: user.id, equals: u7, until: 2026-05-01T10:00:00Z, reason: known}
    """,
    "lists.yaml": "lists:\n  trusted: {file: lists/trusted.txt, type: string}\n",
    "lists/trusted.txt": "# phones\nd1\n\n  d2  # of the office\n",
  ]
}

extension RuleSetFolder {
  /// With what was found, where `load` throws it.
  func loaded() -> LoadedRuleSet { RuleSetLoader.load(folder: url.path) }
}
