import CEL
import Foundation
import Ingest
import RewardsSimulator
import Testing

/// Payouts of the simulator are called what `assay ingest` calls them.
@Suite struct SimulatedPayoutTests {
  private static let plan = Plan(seed: 5, players: 300, days: 40)
  private static let ingestion = Ingestion(IngestConfiguration())

  /// The events of payouts, as JSON, without retries.
  private static func payouts() throws -> [[String: Any]] {
    let simulation = Simulation(plan)
    var payouts: [[String: Any]] = []
    while let event = simulation.next() {
      guard !event.isRetry,
        let members = try JSONSerialization.jsonObject(with: Data(event.line)) as? [String: Any],
        try members.text("type").hasPrefix("payout.")
      else { continue }
      payouts.append(members)
    }
    return payouts
  }

  /// What PayPal says with the webhook that became this event.
  private static func webhook(_ event: [String: Any]) throws -> [String: Any] {
    let payout = try event.object("payout")
    return [
      "id": "WH-1",
      "event_type": "PAYMENT.PAYOUTS-ITEM.UPDATED",
      "resource": [
        "transaction_status": try payout.text("status"), "payout_item_id": try payout.text("item_id"),
        "payout_item": [
          "sender_item_id": try payout.text("request_id"), "receiver": try payout.text("receiver"),
          "recipient_type": try payout.text("receiver_type"), "recipient_wallet": try payout.text("wallet"),
        ],
      ],
    ]
  }

  /// What was sent to Amazon, and what it answered.
  private static func giftCard(_ event: [String: Any]) throws -> [String: Any] {
    let payout = try event.object("payout")
    let request = ["creationRequestId": try payout.text("request_id")]
    guard let status = payout["status"] as? String else { return ["request": request] }
    let isCancelled = event["type"] as? String == "payout.returned"
    return [
      "request": request, isCancelled ? "cancel" : "answer": ["status": isCancelled ? "SUCCESS" : status],
    ]
  }

  @Test func whatProvidersSayBecomesTheSameEvent() throws {
    var types: Set<String> = []
    for event in try Self.payouts() {
      let (payout, type) = (try event.object("payout"), try event.text("type"))
      let isCard = payout["provider"] as? String == "amazon"
      if !isCard, type == "payout.requested" {
        #expect(try event.text("id") == "paypal:" + payout.text("request_id"))
        continue
      }
      let message = try isCard ? Self.giftCard(event) : Self.webhook(event)
      let text = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
      let made = try Self.ingestion.events(
        from: text.utf8, source: isCard ? .giftCard : .payPalWebhook,
        arrival: Timestamp(rfc3339: "2026-05-01T10:00:00Z"))
      let json = try #require(made.first?.json)
      let ingested = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      for name in ["id", "type", "reverses"] {
        #expect(ingested[name] as? String == event[name] as? String, "\(name) of \(event)")
      }
      for (name, value) in try ingested.object("payout") where name != "processed_at" {
        #expect(payout[name] as? String == value as? String, "\(name) of \(event)")
      }
      types.insert("\(isCard ? "amazon" : "paypal") \(type)")
    }
    #expect(
      types.isSuperset(of: ["amazon payout.requested", "amazon payout.settled", "paypal payout.returned"]))
  }

  /// What did not leave or came back names a request that was made, and nothing else does.
  @Test func whatComesBackNamesItsRequest() throws {
    let payouts = try Self.payouts()
    let requested = Set(
      payouts.filter { $0["type"] as? String == "payout.requested" }.compactMap { $0["id"] as? String })
    var count = 0
    for event in payouts {
      let type = try event.text("type")
      let isPayPal = try event.object("payout").text("provider") == "paypal"
      let comesBack = ["payout.returned", "payout.reversed"].contains(type)
      #expect((event["reverses"] != nil) == (comesBack || isPayPal && type == "payout.failed"))
      guard let reversed = event["reverses"] as? String else { continue }
      #expect(requested.contains(reversed))
      count += 1
    }
    #expect(count > 10)
  }
}
