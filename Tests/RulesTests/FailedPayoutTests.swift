import Assay
import CEL
import Foundation
import Ingest
import TestSupport
import Testing

/// A payout that failed moved no money, and its failure counts.
@Suite struct FailedPayoutTests {
  private let engine: Engine<MemoryWindows>
  private let ingestion = Ingestion(IngestConfiguration())

  init() throws {
    let rules = try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
    engine = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: true))
  }

  /// The features of a request of 5 EUR, `hour` hours into a day.
  private func request(_ number: Int, hour: Int) throws -> [String: Decision.FeatureValue.Value] {
    var members = RewardsService.payout(at: 1_777_593_600_000 + Int64(hour) * 3_600_000, device: [:])
    members["id"] = "paypal:u1-\(number)"
    let json = try JSONSerialization.data(withJSONObject: members, options: [.sortedKeys])
    let decision = try engine.decide(String(decoding: json, as: UTF8.self))
    return Dictionary(uniqueKeysWithValues: decision.features.map { ($0.name, $0.value) })
  }

  private func tell(_ status: String, of number: Int, hour: Int) throws {
    let item =
      #"{"event":{"user":{"id":"u1"}},"payout_item_id":"I\#(number)","transaction_status":"\#(status)","#
      + #""payout_item":{"sender_item_id":"u1-\#(number)","receiver":"a@example.com","#
      + #""amount":{"currency":"EUR","value":"5.00"}}}"#
    let arrival = Timestamp(milliseconds: 1_777_593_600_000 + Int64(hour) * 3_600_000)
    let events = try ingestion.events(from: item.utf8, source: .payPalBatch, arrival: arrival)
    for event in events { #expect(try !engine.decide(event.json).repeated) }
  }

  @Test(arguments: ["FAILED", "BLOCKED", "RETURNED", "SUCCESS"])
  func itLeavesTheWindowsOfAmounts(_ status: String) throws {
    _ = try request(1, hour: 1)
    try tell(status, of: 1, hour: 2)
    let features = try request(2, hour: 3)
    let isPaid = status == "SUCCESS"
    #expect(features["paid_out_7d"] == .int(isPaid ? 1_000 : 500), "\(features)")
    #expect(features["payouts_24h"] == .int(isPaid ? 2 : 1))
    #expect(features["failed_payouts_7d"] == .int(isPaid ? 0 : 1))
    #expect(features["failed_payouts_receiver_30d"] == .int(isPaid ? 0 : 1))
  }

  /// A gift card that Amazon refused for want of funds may be made yet; refused for its amount it will not be.
  @Test func aFinalFailureBehindAnotherTakesTheCardOut() throws {
    let card =
      #""event":{"user":{"id":"u1"}},"request":{"creationRequestId":"R1","#
      + #""value":{"currencyCode":"EUR","amount":5}}"#
    func tell(_ answer: String, hour: Int) throws {
      let arrival = Timestamp(milliseconds: 1_777_593_600_000 + Int64(hour) * 3_600_000)
      let events = try ingestion.events(
        from: "{\(card)\(answer)}".utf8, source: .giftCard, arrival: arrival)
      for event in events { #expect(try !engine.decide(event.json).repeated, "\(event.id)") }
    }
    func failure(_ code: String, _ type: String) -> String {
      #","answer":{"agcodResponse":{"status":"FAILURE"},"errorCode":"\#(code)","errorType":"\#(type)"}"#
    }
    try tell("", hour: 1)
    try tell(failure("F300", "InsufficientFunds"), hour: 2)
    #expect(try request(2, hour: 3)["paid_out_7d"] == .int(1_000))
    try tell(failure("F200", "MaxAmountExceeded"), hour: 4)
    #expect(try request(3, hour: 5)["paid_out_7d"] == .int(1_000))
  }
}
