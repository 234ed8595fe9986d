import CEL
import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Messages of the other vendors as others have published them.
@Suite(.enabled(if: Payloads.adMob != nil, "the payloads are not here"))
struct PayloadTests {
  private let ingestion = Ingestion(IngestConfiguration())
  private let arrival = Timestamp(rfc3339: "2026-11-20T00:00:00Z")

  private func payloads(_ name: String) throws -> JSONValue {
    let file = try #require(SharedData.url("data/payloads/\(name)"))
    return try JSONValue(parsing: String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  private func types(_ message: JSONValue, _ source: IngestSource) throws -> [String] {
    try ingestion.events(from: message.encoded().utf8, source: source, arrival: arrival).map(\.type)
  }

  @Test func payPal() throws {
    let json = try payloads("paypal_payouts.json")
    #expect(try types(try #require(json["item_success"]?["body"]), .payPalBatch) == ["payout.settled"])
    #expect(try types(try #require(json["item_unclaimed"]?["body"]), .payPalBatch) == ["payout.pending"])
    #expect(
      try types(try #require(json["webhook_item_succeeded"]?["body"]), .payPalWebhook) == ["payout.settled"])
  }

  @Test func amazon() throws {
    let json = try payloads("agcod.json")
    let codes = try #require(json["success"]?.array).compactMap { $0["gcClaimCode"]?.text }
    #expect(codes.count == 3)
    func event(_ answer: JSONValue, _ member: String = "answer") throws -> IngestedEvent {
      let request = JSONValue.object([.init("creationRequestId", .string("ABCDE1"))])
      let hasID = answer["creationRequestId"]?.text != nil
      let message = JSONValue.object((hasID ? [] : [.init("request", request)]) + [.init(member, answer)])
      let events = try ingestion.events(from: message.encoded().utf8, source: .giftCard, arrival: arrival)
      let event = try #require(events.first)
      for code in codes { #expect(!event.json.contains(code)) }
      return event
    }
    for answer in try #require(json["success"]?.array) { #expect(try event(answer).type == "payout.settled") }
    #expect(try event(try #require(json["after_cancel"])).type == "payout.returned")
    #expect(try event(try #require(json["cancel"]), "cancel").type == "payout.returned")
    guard case .object(let errors)? = json["errors"] else { throw CocoaError(.fileReadCorruptFile) }
    #expect(errors.count > 10)
    for member in errors {
      #expect(
        try event(member.value).type == (member.key.hasPrefix("F4") ? "payout.pending" : "payout.failed"))
    }
  }

  @Test func deviceCheck() throws {
    let answers = try #require(try payloads("devicecheck.json")["responses"]?.array)
    var states: [String] = []
    for answer in answers {
      let message = JSONValue.object([
        .init("status", answer["http"] ?? .null), .init("body", answer["body"] ?? .null),
      ])
      do throws(IngestRefusal) {
        let text = try ingestion.evidence(
          from: message.encoded().utf8, source: .deviceCheck, arrival: arrival)
        states.append(text.contains(#""state":"set""#) ? "set" : "unset")
      } catch {
        states.append(error.code.rawValue)
      }
    }
    #expect(states == ["set", "set", "unset", "unset", "vendor-failed", "vendor-failed"])
  }

  @Test func playIntegrity() throws {
    let documented = try payloads("play_integrity_docs.json")
    func evidence(_ verdict: JSONValue) throws(IngestRefusal) -> String {
      try ingestion.evidence(from: verdict.encoded().utf8, source: .playIntegrity, arrival: arrival)
    }
    let real = try #require(documented["real_verdict"]?["payload"])
    #expect(
      try evidence(real)
        == #"{"device":{"play_integrity":\#(real["tokenPayloadExternal"]?.encoded() ?? "")}}"#)
    for group in try #require(documented["deviceIntegrity_variants"]?.array) {
      _ = try evidence(.object([.init("deviceIntegrity", group)]))
    }
    for group in try #require(documented["environmentDetails_variants"]?.array) {
      _ = try evidence(.object([.init("environmentDetails", group)]))
    }
    _ = try evidence(.object([.init("requestDetails", try #require(documented["requestDetails_standard"]))]))
    // Google's own example of a classic request counts seconds.
    let classic = JSONValue.object([
      .init("requestDetails", try #require(documented["requestDetails_classic"]))
    ])
    do throws(IngestRefusal) {
      _ = try evidence(classic)
      Issue.record("accepted")
    } catch {
      #expect(error.code == .timeUnit && error.message.contains("counts seconds"))
    }
    guard case .object(let cases)? = try payloads("play_integrity_peer_fixtures.json")["cases"] else {
      return
    }
    #expect(cases.count == 9)
    for member in cases { _ = try evidence(try #require(member.value["payload"])) }
  }
}
