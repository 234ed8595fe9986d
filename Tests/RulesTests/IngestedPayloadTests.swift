import Assay
import CEL
import Foundation
import Ingest
import TestSupport
import Testing

/// What ad networks and payout providers send, on its whole way: message, event, decision.
@Suite struct IngestedPayloadTests {
  /// The decisions about a message's events, which come at `arrival`.
  private func decide(
    _ message: String, _ source: IngestSource, _ ingestion: Ingestion, at arrival: Timestamp?
  ) throws -> [Decision] {
    let service = try RewardsService()
    let events = try ingestion.events(from: message.utf8, source: source, arrival: arrival)
    return try events.map { try service.engine.decide($0.json) }
  }

  /// A message of PayPal's or Amazon's, with the player whom the service knows it to be about.
  private func decideJSON(_ message: [String: Any], _ source: IngestSource) throws -> Decision {
    var message = message
    message["event"] = ["user": ["id": "u1"]]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: message), as: UTF8.self)
    let arrival = Timestamp(rfc3339: "2026-05-01T10:00:00Z")
    return try #require(try decide(text, source, Ingestion(IngestConfiguration()), at: arrival).first)
  }

  @Test func everyGenuineCallbackOfAdMobIsDecided() throws {
    guard let file = try RewardsService.payloads("admob_ssv_real_signed_callbacks.json") else { return }
    let keys = [
      ["keyId": try #require(file["key_id"] as? Int), "pem": try file.text("pem")] as [String: Any]
    ]
    let folder = try RuleSetFolder([
      "keys.json": String(
        decoding: try JSONSerialization.data(withJSONObject: ["keys": keys]), as: UTF8.self),
      "ingest.json": #"{"admob-ssv": {"keys": "keys.json", "user": {"absent": "nobody"}}}"#,
    ])
    let ingestion = Ingestion(try IngestConfiguration(file: folder.url.appending(path: "ingest.json").path))
    let cases = try file.objects("cases")
    #expect(cases.count == 7)
    for member in cases {
      let query = try member.text("query")
      let sent = try #require(query.firstMatch(of: /timestamp=([0-9]+)/).flatMap { Int64($0.1) })
      let decisions = try decide(query, .adMob, ingestion, at: Timestamp(milliseconds: sent + 1_000))
      #expect(decisions.map(\.outcome) == [.allow], "\(query)")
      #expect(decisions.first?.firedRules == [], "\(query)")
    }
  }

  @Test(arguments: [
    ("admob.txt", IngestSource.adMob, 3), ("applovin.txt", .appLovin, 2), ("levelplay.txt", .levelPlay, 2),
  ])
  func callbacksOfOurOwnAreDecided(_ name: String, _ source: IngestSource, _ count: Int) throws {
    let folder = SharedData.projectRoot.appending(path: "Fixtures/ingest")
    let configuration = try IngestConfiguration(
      file: folder.appending(path: "ingest.json").path,
      environment: ["APPLOVIN_EVENT_KEY": "a key for the examples"])
    let lines = String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    let decisions = try lines.split(separator: "\n").flatMap {
      try decide(
        String($0), source, Ingestion(configuration), at: Timestamp(rfc3339: "2026-05-01T10:00:00Z"))
    }
    #expect(decisions.count == count)
    for decision in decisions { #expect(decision.outcome == .allow, "\(decision.event)") }
  }

  @Test func answersOfPayPalAreDecided() throws {
    guard let file = try RewardsService.payloads("paypal_payouts.json") else { return }
    for (name, source) in [
      ("item_success", IngestSource.payPalBatch), ("item_unclaimed", .payPalBatch),
      ("webhook_item_succeeded", .payPalWebhook),
    ] {
      let decision = try decideJSON(try file.object(name).object("body"), source)
      #expect(decision.outcome == .allow && decision.degraded == nil, "\(name)")
    }
  }

  @Test func answersOfAmazonAreDecidedWithoutTheirClaimCodes() throws {
    guard let file = try RewardsService.payloads("agcod.json") else { return }
    let successes = try file.objects("success")
    let errors = try file.object("errors").values.compactMap { $0 as? [String: Any] }
    #expect(successes.count == 3 && errors.count > 10)
    for answer in successes + errors + [try file.object("after_cancel")] {
      var message: [String: Any] = ["answer": answer]
      if answer["creationRequestId"] == nil { message["request"] = ["creationRequestId": "ABCDE1"] }
      let decision = try decideJSON(message, .giftCard)
      #expect(decision.outcome == .allow, "\(decision.event)")
      let json = String(decoding: decision.json, as: UTF8.self)
      for success in successes { #expect(!json.contains(try success.text("gcClaimCode"))) }
    }
    let cancelled = try decideJSON(["cancel": try file.object("cancel")], .giftCard)
    #expect(cancelled.outcome == .allow)
  }
}
