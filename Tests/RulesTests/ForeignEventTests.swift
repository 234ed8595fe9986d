import Assay
import Foundation
import Testing

/// An event that another engine's users send, put into the words of `Rules/rewards`.
@Suite struct ForeignEventTests {
  /// The members that mean something here; the numbers arrive as text.
  private static func event(_ mock: [String: Any], ip: String?) throws -> [String: Any] {
    var event: [String: Any] = [
      "id": "jube:1", "type": "payout.requested", "time": "2019-04-17T01:18:15Z",
      "user": ["id": try mock.text("AccountId")],
      "device": [
        "id": try mock.text("DeviceId"), "os": try mock.text("System").lowercased(),
        "model": try mock.text("Model"), "mac": try mock.text("MAC"),
      ],
      "account": ["country": try mock.text("BillingCountry")],
      "payout": [
        "amount_minor": Int((Double(try mock.text("CurrencyAmount")) ?? 0) * 100), "currency": "GBP",
        "receiver": try mock.text("Email"), "request_id": try mock.text("TxnId"),
      ],
    ]
    event["ip"] = ip
    return event
  }

  @Test func aMockedTransactionIsRefusedForItsAddress() throws {
    guard let mock = try RewardsService.payloads("jube_transaction_mock.json") else { return }
    let event = try Self.event(mock, ip: mock.text("IP"))
    let service = try RewardsService()
    let refusal = #expect(throws: EventRefusal.self) { try service.decide(event) }
    #expect(refusal?.message == "`ip` must be an IPv4 or IPv6 address, found other text")
  }

  @Test func aMockedTransactionWithoutAnAddressIsLookedAt() throws {
    guard let mock = try RewardsService.payloads("jube_transaction_mock.json") else { return }
    let decision = try RewardsService().decide(Self.event(mock, ip: nil))
    #expect(decision.outcome == .review && decision.score == 20)
    #expect(decision.firedRules == ["no-attestation"])
    #expect(decision.shadow.map(\.rule) == ["first-payout-at-maximum"])
    #expect(decision.unansweredRules.isSuperset(of: ["country-mismatch", "fast-cashout"]))
  }
}
