import Assay
import CEL
import Foundation
import Ingest
import TestSupport
import Testing

/// A message that comes again is the same event and gets the same decision: later, at another process, after a reload.
@Suite struct IngestedRetryTests {
  private static let networks = """
    {"levelplay": {"unsigned": "accept", "parameters": {"USER_ID": "user", "REWARDS": "rewards", "EVENT_ID": "event"}},
     "paypal-batch": {"user_before": "-"}, "paypal-webhook": {}, "agcod": {}}
    """
  private static let item =
    #"{"payout_item_id":"8A","transaction_status":"FAILED","payout_batch_id":"Q8","payout_item":"#
    + #"{"sender_item_id":"u1-17","amount":{"currency":"USD","value":"9.87"}},"time_processed":"2026-05-01T09:00:00Z"}"#
  private static let card =
    #""event":{"user":{"id":"u1"}},"request":{"creationRequestId":"ABCDE1","value":{"currencyCode":"EUR","amount":5}}"#

  private let rules: RuleSet
  init() throws {
    rules = try RuleSet(contentsOf: SharedData.projectRoot.appending(path: "Rules/rewards").path)
  }

  /// What another process would be: nothing is remembered.
  private func process() throws -> Ingestion {
    let folder = try RuleSetFolder(["ingest.json": Self.networks])
    return Ingestion(try IngestConfiguration(file: folder.url.appending(path: "ingest.json").path))
  }

  private func failure(_ code: String) -> String {
    #"{\#(Self.card),"answer":{"agcodResponse":{"status":"FAILURE"},"errorCode":"\#(code)"}}"#
  }

  /// Each first message, and the one that says the same.
  private func pairs() -> [(String, IngestSource, String, IngestSource)] {
    let callback = "user=u1&rewards=5&event=e1&timestamp="
    let webhook =
      #"{"id":"WH-1","create_time":"2026-05-01T09:01:00Z","event_type":"PAYMENT.PAYOUTS-ITEM.FAILED","event":"#
      + #"{"user":{"id":"u1"}},"resource":\#(Self.item)}"#
    let batch = Self.item.replacing(
      #""payout_item_id""#, with: #""sender_batch_id":"B1","activity_id":"0E","payout_item_id""#)
    let cancelled = #"{\#(Self.card),"cancel":{"status":"SUCCESS","gcId":"55"}}"#
    let answered =
      #"{"event":{"user":{"id":"u1"}},"answer":{"creationRequestId":"ABCDE1","status":"SUCCESS","gcId":"55","#
      + #""cardInfo":{"cardStatus":"RefundedToPurchaser"}}}"#
    return [
      // LevelPlay dates each attempt anew.
      (callback + "202605010959", .levelPlay, callback + "202605011004", .levelPlay),
      (webhook, .payPalWebhook, batch, .payPalBatch), (batch, .payPalBatch, webhook, .payPalWebhook),
      ("{\(Self.card)}", .giftCard, "{\(Self.card)}", .giftCard),
      (failure("F300"), .giftCard, failure("F200"), .giftCard),
      (cancelled, .giftCard, answered, .giftCard), (answered, .giftCard, cancelled, .giftCard),
    ]
  }

  @Test func theSameMessageIsTheSameEventWheneverAndWhereverItComes() throws {
    for (message, source, again, otherSource) in pairs() {
      let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
      let first = try #require(
        try process().events(
          from: message.utf8, source: source, arrival: Timestamp(rfc3339: "2026-05-01T10:00:00Z")
        ).first)
      let decision = try engine.decide(first.json)
      for (minutes, process) in [(5, try process()), (600, try self.process())] {
        let arrival = Timestamp(milliseconds: 1_777_629_600_000 + Int64(minutes) * 60_000)
        let later = try #require(
          try process.events(from: again.utf8, source: otherSource, arrival: arrival).first)
        #expect(later.id == first.id)
        var repeated = try engine.decide(later.json)
        #expect(repeated.repeated, "\(message)")
        #expect(String(decoding: repeated.json, as: UTF8.self).contains(#""repeated":true"#))
        #expect(repeated.outcome == decision.outcome && repeated.event == decision.event)
        repeated = try engine.decide(first.json)
        #expect(repeated.repeated)
      }
    }
  }

  @Test func anotherMessageUnderTheSameIdIsStillAConflict() throws {
    let engine = Engine(rules: rules, options: EngineOptions(clock: .replay))
    let process = try process()
    func decide(_ message: String, _ source: IngestSource) throws -> Decision {
      let arrival = Timestamp(rfc3339: "2026-05-01T10:00:00Z")
      let event = try #require(
        try process.events(from: message.utf8, source: source, arrival: arrival).first)
      return try engine.decide(event.json)
    }
    for (message, other, source) in [
      ("user=u1&rewards=5&event=e1", "user=u1&rewards=50&event=e1", IngestSource.levelPlay),
      ("user=u2&rewards=5&event=e2", "user=u1&rewards=5&event=e2", .levelPlay),
      (Self.item, Self.item.replacing("9.87", with: "98.7"), .payPalBatch),
      (
        "{\(Self.card)}", "{\(Self.card)}".replacing(#""amount":5"#, with: #""amount":50"#),
        .giftCard
      ),
    ] {
      _ = try decide(message, source)
      #expect(throws: EventRefusal.self) { try decide(other, source) }
    }
  }

  /// A webhook tells its own time, so that its event is the same to the byte.
  @Test func aWebhooksEventIsTheSameToTheByte() throws {
    let (webhook, source, _, _) = pairs()[1]
    let texts = try [0, 86_400_000].map { later in
      try process().events(
        from: webhook.utf8, source: source, arrival: Timestamp(milliseconds: 1_777_629_600_000 + later)
      ).map(\.json)
    }
    #expect(texts[0] == texts[1] && texts[0].first?.contains(#""time":"2026-05-01T09:01:00Z""#) == true)
  }
}
