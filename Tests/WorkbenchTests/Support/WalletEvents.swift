import Foundation
import TestSupport

/// Generated events of the `wallet` rule set: a few players, phones and receivers, ties, late events, repeats, reversals,
/// amendments and dry runs.
struct WalletEvents {
  var random: SeededGenerator
  private var made: [String] = []
  private var time = 1_767_600_000
  private static let receivers = [
    "ann-secret@example.com", "bob-secret@example.com", "eve-secret@example.com",
  ]
  /// What no output may show.
  static let secret = "-secret@"

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  private mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

  /// The next event's line.
  mutating func next(_ number: Int) -> String {
    if chance(12), let repeated = made.randomElement(using: &random) { return repeated }
    time += chance(5) ? 0 : Int.random(in: 0..<9_000, using: &random)
    let moment = time - (chance(8) ? Int.random(in: 0..<90_000, using: &random) : 0)
    let text = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: TimeInterval(moment)))
    var members = [
      #""id":"e\#(number)""#, #""time":"\#(text)""#,
      #""user":{"id":"u\#(Int.random(in: 1...3, using: &random))"}"#,
    ]
    if !chance(6) { members.append(#""device":{"id":"d\#(Int.random(in: 1...2, using: &random))"}"#) }
    if !chance(6) { members.append(#""account":\#(Int.random(in: 1...2, using: &random))"#) }
    let type = pick(["reward.granted", "payout.requested", "payout.requested", "payout.requested"])
    members.append(#""type":"\#(type)""#)
    if type == "payout.requested", !chance(8) {
      var payout = [
        #""amount_minor":\#(Int.random(in: 100...3_000, using: &random))"#,
        #""currency":"\#(pick(["EUR", "USD"]))""#,
      ]
      if !chance(5) { payout.append(#""receiver":"\#(pick(Self.receivers))""#) }
      members.append(#""payout":{\#(payout.joined(separator: ","))}"#)
    }
    if number > 3, chance(10) {
      members.append(#""\#(pick(["reverses", "amends"]))":"e\#(Int.random(in: 0..<number, using: &random))""#)
    }
    if chance(25) { members.append(#""dry_run":true"#) }
    let line = "{" + members.joined(separator: ",") + "}"
    made.append(line)
    return line
  }
}
