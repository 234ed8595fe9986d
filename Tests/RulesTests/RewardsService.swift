import Assay
import Foundation
import TestSupport
import Testing

/// A service that asks the rules of `Rules/rewards` about events whose evidence came from elsewhere.
struct RewardsService {
  let engine: Engine<MemoryWindows>

  init() throws {
    let rules = try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
    engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
  }

  /// Decides an event; its `members` are JSON values.
  func decide(_ members: [String: Any]) throws -> Decision {
    let json = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
    return try engine.decide(String(decoding: json, as: UTF8.self))
  }

  /// An honest player's payout a second after `milliseconds`, from a phone of which `device` is known.
  static func payout(at milliseconds: Int64, device: [String: Any]) -> [String: Any] {
    let time = Date(timeIntervalSince1970: Double(milliseconds + 1_000) / 1_000)
    return [
      "id": "payout-1", "type": "payout.requested", "time": time.formatted(.iso8601),
      "user": ["id": "u1"], "account": ["country": "DE", "created_at": "2015-01-01T00:00:00Z"],
      "ip": "203.0.113.5", "network": ["country": "DE", "kind": "wifi"],
      "payout": [
        "amount_minor": 500, "currency": "EUR", "method": "paypal", "receiver": "a@example.com",
        "request_id": "item-1",
      ],
      "device": device.merging(["id": "d1"]) { own, _ in own },
    ]
  }

  /// A file of payloads in their vendors' own format, or nil where it is absent.
  static func payloads(_ name: String) throws -> [String: Any]? {
    guard let url = SharedData.url("data/payloads/\(name)") else {
      print("skipped: no \(name) in the shared folder")
      return nil
    }
    return try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
  }
}

extension Decision {
  /// The rules that fired, in order of their names.
  var firedRules: [String] { reasons.map(\.rule).sorted() }

  /// The rules without an answer.
  var unansweredRules: Set<String> { Set(notEvaluated.map(\.rule)) }
}

extension [String: Any] {
  /// The object at a key.
  func object(_ key: String) throws -> [String: Any] { try #require(self[key] as? [String: Any], "\(key)") }

  /// The objects of the list at a key.
  func objects(_ key: String) throws -> [[String: Any]] {
    try #require(self[key] as? [[String: Any]], "\(key)")
  }

  /// The text at a key.
  func text(_ key: String) throws -> String { try #require(self[key] as? String, "\(key)") }
}
