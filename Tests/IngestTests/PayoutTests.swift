import CEL
import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// What PayPal and Amazon say about payouts.
@Suite struct PayoutTests {
  private let ingestion = Ingestion(IngestConfiguration())

  static func item(_ status: String, _ more: String = "") -> String {
    #"{"payout_item_id":"8AELMXH8UB2P8","transaction_id":"0C41","activity_id":"0E15","transaction_status":"\#(status)","#
      + #""payout_batch_id":"Q8KV","sender_batch_id":"B1",\#(more)"payout_item":{"recipient_type":"EMAIL","#
      + #""amount":{"currency":"USD","value":"9.87"},"receiver":"receiver@example.com","sender_item_id":"u1-17","#
      + #""recipient_wallet":"PAYPAL","purpose":"GOODS"},"time_processed":"2026-05-01T09:59:00Z"}"#
  }

  @Test func anItemBecomesAnEvent() throws {
    let event = try ingestion.event(Self.item("SUCCESS"), .payPalBatch)
    #expect(
      event.json
        == #"{"id":"paypal:8AELMXH8UB2P8:SUCCESS","type":"payout.settled","time":"2026-05-01T10:00:00Z","#
        + #""content_digest":"710f1e3b3591d5d9935bf677e2aeb49d","payout":{"amount_minor":987,"currency":"USD","provider":"paypal","method":"paypal","request_id":"u1-17","#
        + #""sender_batch_id":"B1","batch_id":"Q8KV","item_id":"8AELMXH8UB2P8","transaction_id":"0C41","#
        + #""activity_id":"0E15","receiver":"receiver@example.com","receiver_type":"EMAIL","wallet":"PAYPAL","#
        + #""purpose":"GOODS","status":"SUCCESS","processed_at":"2026-05-01T09:59:00Z"}}"#)
  }

  @Test func theNineStatuses() throws {
    let types = [
      "SUCCESS": "payout.settled", "FAILED": "payout.failed", "BLOCKED": "payout.failed",
      "PENDING": "payout.pending", "ONHOLD": "payout.pending", "UNCLAIMED": "payout.pending",
      "RETURNED": "payout.returned", "REFUNDED": "payout.returned", "REVERSED": "payout.reversed",
    ]
    for (status, type) in types {
      let event = try ingestion.event(Self.item(status), .payPalBatch)
      #expect(event.type == type)
      let takesBack = ["payout.failed", "payout.returned", "payout.reversed"].contains(type)
      #expect(event.value["reverses"]?.text == (takesBack ? "paypal:u1-17" : nil))
    }
    for status in ["NEW", "success", ""] {
      let code = ingestion.refusal(Self.item(status), .payPalBatch)?.code
      #expect(code == (status.isEmpty ? .missingParameter : .unknownValue))
    }
  }

  @Test func aBatchIsAnEventForEachItem() throws {
    let other = Self.item("FAILED").replacing("8AELMXH8UB2P8", with: "9B").replacing(
      #""sender_batch_id":"B1","#, with: "")
    let batch =
      #"{"batch_header":{"payout_batch_id":"Q8KV","sender_batch_header":{"sender_batch_id":"B7"}},"items":"#
      + "[\(Self.item("SUCCESS")),\(other)]}"
    let events = try ingestion.events(from: batch.utf8, source: .payPalBatch, arrival: Callbacks.arrival)
    #expect(events.map(\.id) == ["paypal:8AELMXH8UB2P8:SUCCESS", "paypal:9B:FAILED"])
    #expect(events.last?.value["payout"]?["sender_batch_id"]?.text == "B7")
    // An answer without items says nothing of any payout.
    let header = #"{"batch_header":{"payout_batch_id":"Q8KV","batch_status":"PENDING"}}"#
    #expect(try ingestion.events(from: header.utf8, source: .payPalBatch, arrival: Callbacks.arrival) == [])
  }

  @Test func webhooks() throws {
    func webhook(_ type: String, _ resource: String) -> String {
      #"{"id":"WH-68L3","event_type":"\#(type)","resource":\#(resource)}"#
    }
    let event = try ingestion.event(
      webhook("PAYMENT.PAYOUTS-ITEM.RETURNED", Self.item("RETURNED")), .payPalWebhook)
    #expect(event.id == "paypal:8AELMXH8UB2P8:RETURNED")
    #expect(event.type == "payout.returned")
    let batch = webhook("PAYMENT.PAYOUTSBATCH.SUCCESS", "{}")
    #expect(try ingestion.events(from: batch.utf8, source: .payPalWebhook, arrival: Callbacks.arrival) == [])
    #expect(
      ingestion.refusal(webhook("CHECKOUT.ORDER.APPROVED", "{}"), .payPalWebhook)?.code == .unknownValue)
  }

  @Test func theUserMayBeInTheItemsId() throws {
    let configuration = try IngestConfiguration(
      parsing: #"{"paypal-batch": {"user_before": "-"}}"#, folder: "", environment: [:])
    let event = try Ingestion(configuration).event(Self.item("SUCCESS"), .payPalBatch)
    #expect(event.value["user"]?["id"]?.text == "u1")
    #expect(Ingestion(configuration).refusal("{}", .giftCard)?.code == .notConfigured)
  }

  @Test func amountsAreExact() throws {
    func minor(_ value: String, _ currency: String) -> JSONValue? {
      let text = Self.item("SUCCESS").replacing(
        #""currency":"USD","value":"9.87""#, with: #""currency":"\#(currency)","value":\#(value)"#)
      return (try? ingestion.event(text, .payPalBatch))?.value["payout"]?["amount_minor"]
    }
    for (value, currency, expected) in [
      (#""112.34""#, "USD", "11234"), ("0.1", "USD", "10"), ("1.0", "EUR", "100"), ("7", "EUR", "700"),
      ("1000.0", "JPY", "1000"), (#""1000""#, "JPY", "1000"), ("1.234", "KWD", "1234"), ("0.07", "USD", "7"),
      ("9007199254740993.01", "USD", "900719925474099301"),
    ] { #expect(minor(value, currency) == .number(expected), "\(value) \(currency)") }
    for (value, currency) in [
      ("1000.5", "JPY"), ("9.875", "USD"), ("-1", "USD"), ("1e3", "USD"), (#""01""#, "USD"),
      (#"" 1""#, "USD"),
      (#""1.""#, "USD"), (#"".5""#, "USD"), ("true", "USD"), ("[]", "USD"), ("99999999999999999999", "USD"),
      ("1", "usd"), ("1", "dollar"), (#""٣""#, "USD"),
    ] { #expect(minor(value, currency) == nil, "\(value) \(currency)") }
  }

  private static let request =
    #""request":{"creationRequestId":"EG3bd0001","partnerId":"EG3bd","value":{"currencyCode":"JPY","amount":1000.0}}"#
  private static let answer =
    #"{"cardInfo":{"cardNumber":null,"cardStatus":"Fulfilled","expirationDate":null,"#
    + #""value":{"amount":1000.0,"currencyCode":"JPY"}},"creationRequestId":"EG3bd0001","#
    + #""gcClaimCode":"LJ49-AKDUV6-UYCP","gcExpirationDate":null,"gcId":"5535","status":"SUCCESS"}"#

  @Test func giftCards() throws {
    let asked = try ingestion.event("{\(Self.request)}", .giftCard)
    #expect(
      asked.json == #"{"id":"amazon:EG3bd0001","type":"payout.requested","time":"2026-05-01T10:00:00Z","#
        + #""content_digest":"d34aa9f74dc8ad2b831f996e6c001f5c","payout":{"amount_minor":1000,"currency":"JPY","provider":"amazon","method":"gift_card","#
        + #""request_id":"EG3bd0001"}}"#)
    let settled = try ingestion.event("{\(Self.request),\"answer\":\(Self.answer)}", .giftCard)
    #expect(settled.id == "amazon:EG3bd0001:SUCCESS" && settled.type == "payout.settled")
    #expect(settled.value["payout"]?["card_status"]?.text == "Fulfilled")
    // A retry under the same creation id gives the same event, later too.
    let later = Timestamp(seconds: 1_777_630_000)
    let again = "{\(Self.request),\"answer\":\(Self.answer)}"
    #expect(try ingestion.events(from: again.utf8, source: .giftCard, arrival: later) == [settled])
    let failed =
      #"{\#(Self.request),"answer":{"agcodResponse":{"creationRequestId":null,"status":"RESEND"},"#
      + #""errorCode":"F400","errorType":"SystemTemporarilyUnavailable","message":"…"}}"#
    let pending = try ingestion.event(failed, .giftCard)
    #expect(pending.id == "amazon:EG3bd0001:RESEND" && pending.type == "payout.pending")
    #expect(pending.value["payout"]?["error_code"]?.text == "F400")
    for (code, type, isFinal) in [
      ("F200", "InvalidAmountInput", true), ("F200", "MaxAmountExceeded", true),
      // A card was made before, or may be made yet.
      ("F200", "CardAlreadyActivatedWithDifferentRequestId", false), ("F300", "InsufficientFunds", false),
      ("F100", "GeneralError", false), ("F200", "", false),
    ] {
      let failure =
        #"{\#(Self.request),"answer":{"agcodResponse":{"status":"FAILURE"},"errorCode":"\#(code)","#
        + #""errorType":"\#(type)"}}"#
      let event = try ingestion.event(failure, .giftCard)
      #expect(event.type == "payout.failed")
      #expect(event.id == "amazon:EG3bd0001:FAILURE" + (isFinal ? ":final" : ""))
      #expect(event.value["reverses"]?.text == (isFinal ? "amazon:EG3bd0001" : nil), "\(code) \(type)")
    }
    let refunded = "{\"answer\":\(Self.answer.replacing("Fulfilled", with: "RefundedToPurchaser"))}"
    #expect(try ingestion.event(refunded, .giftCard).value["reverses"]?.text == "amazon:EG3bd0001")
    let cancel =
      #"{\#(Self.request),"cancel":{"creationRequestId":"EG3bd0001","gcId":"5535","status":"SUCCESS"}}"#
    #expect(try ingestion.event(cancel, .giftCard).type == "payout.returned")
    let late = #"{\#(Self.request),"cancel":{"agcodResponse":{"status":"FAILURE"},"errorCode":"F200"}}"#
    #expect(try ingestion.events(from: late.utf8, source: .giftCard, arrival: Callbacks.arrival) == [])
    let other = "{\(Self.request),\"answer\":\(Self.answer.replacing("EG3bd0001", with: "EG3bd0002"))}"
    #expect(ingestion.refusal(other, .giftCard)?.code == .badValue)
  }

  /// Wherever a claim code ends up by a mistake, nothing that comes out has it.
  @Test func claimCodesNeverComeOut() throws {
    let seed = UInt64.random(in: 0...999_999)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let event = #""event":{"user":{"id":"u1"},"device":{"id":"d1","seen":[1,{"at":"now"}]}}"#
    let message = Array("{\(event),\(Self.request),\"answer\":\(Self.answer)}".utf8)
    for _ in 0..<20_000 {
      var bytes = message
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &generator)
        case 1:
          bytes.removeSubrange(place..<min(place + Int.random(in: 1...9, using: &generator), bytes.count))
        default: bytes.insert(contentsOf: Array(#"""#.utf8), at: place)
        }
      }
      var said = ""
      do throws(IngestRefusal) {
        said = try ingestion.events(from: bytes, source: .giftCard, arrival: Callbacks.arrival).map(\.json)
          .joined()
      } catch {
        said = "\(error.message) \(error.hint ?? "") \(error.parameter ?? "")"
      }
      for part in ["LJ49", "AKDUV6", "UYCP"] { #expect(!said.contains(part), "seed \(seed): \(said)") }
    }
  }
}
