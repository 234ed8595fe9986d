import Assay
import RuleSets
import TestSupport
import Testing

/// Lists of address ranges, from their file to the decision.
@Suite struct AddressListTests {
  private static func rules(_ list: String) throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: small\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [login]
      fields:
        user.ip: {type: ip}
      """,
      "features.yaml": "features: {}",
      "lists.yaml": "lists:\n  hosting: \(list)\n",
      "lists/hosting.txt": "# documentation\n192.0.2.0/24   # one\n2001:db8::/32\n\n203.0.113.7\n",
      "rules/all.yaml": """
      rules:
        - {id: hosted, title: Hosted, family: device, on: login, when: hosting.containsIP(user.ip), on_missing: skip, score: 50}
      """,
    ])
  }

  @Test(arguments: [
    "{file: lists/hosting.txt, type: cidr}",
    "{items: [192.0.2.0/24, \"2001:db8::/32\", 203.0.113.7], type: cidr}",
  ])
  func findsAddresses(list: String) throws {
    let engine = Engine(rules: try Self.rules(list))
    for (address, outcome) in [
      ("192.0.2.9", Outcome.review), ("192.0.3.0", .allow), ("2001:db8:1::", .review), ("2001:db9::", .allow),
      ("203.0.113.7", .review), ("203.0.113.8", .allow), ("::ffff:192.0.2.9", .review),
    ] {
      let event =
        #"{"id":"\#(address)","type":"login","time":"2026-01-05T12:00:00Z","user":{"ip":"\#(address)"}}"#
      #expect(try engine.decide(event).outcome == outcome, "\(address)")
    }
  }

  @Test func anotherListIsAnotherRuleSet() throws {
    let first = try Self.rules("{items: [192.0.2.0/24], type: cidr}")
    #expect(try first.version != Self.rules("{items: [192.0.2.0/25], type: cidr}").version)
  }
}
