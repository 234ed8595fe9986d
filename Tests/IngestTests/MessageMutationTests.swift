import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Messages in JSON, broken in many ways: refused with a cause, or an event that an engine can read.
@Suite struct MessageMutationTests {
  private let ingestion = Ingestion(IngestConfiguration())

  private static let messages: [(IngestSource, String)] = [
    (
      .payPalBatch,
      #"{"event":{"user":{"id":"u1"},"payout":{"partner":"p"}},"batch_header":{"sender_batch_header":"#
        + #"{"sender_batch_id":"B7"}},"items":[\#(PayoutTests.item("SUCCESS")),\#(PayoutTests.item("FAILED"))]}"#
    ),
    (
      .payPalWebhook,
      #"{"id":"WH-68L3","create_time":"2026-05-01T09:59:30Z","event_type":"PAYMENT.PAYOUTS-ITEM.RETURNED","#
        + #""resource":\#(PayoutTests.item("RETURNED"))}"#
    ),
    (
      .playIntegrity,
      #"{"event":{"id":"e1","type":"session.started","device":{"id":"d1"}},"tokenPayloadExternal":"#
        + #"{"requestDetails":{"timestampMillis":"1777629599000"},"deviceIntegrity":{"deviceRecognitionVerdict":[]}}}"#
    ),
    (.deviceCheck, #"{"event":{"id":"e1","type":"x"},"status":200,"body":"{\"bit0\":true,\"bit1\":false}"}"#),
  ]

  private static let pieces = [
    "\"", "{", "}", "[", "]", ",", ":", "null", "1e999", "-", "\\u0000", "\\ud800", "\"event\":{},", "[[[[[[",
    "\u{0}",
  ].map { Array($0.utf8) }

  private func mutated(_ message: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = message
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard let place = bytes.indices.randomElement(using: &generator) else { break }
      let end = min(place + Int.random(in: 1...20, using: &generator), bytes.count)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
      case 1: bytes.removeSubrange(place..<end)
      case 2:
        bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator) ?? [], at: place)
      case 3:
        let other = bytes.indices.randomElement(using: &generator) ?? place
        bytes.insert(contentsOf: bytes[place..<end], at: other)
      default: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
    }
    return bytes
  }

  @Test(arguments: messages.indices) func nothingBreaks(_ index: Int) throws {
    let seed = UInt64.random(in: 0...999_999)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let (source, message) = Self.messages[index]
    #expect(ingestion.refusal(message, source) == nil, "\(source)")
    var (accepted, refused) = (0, 0)
    for _ in 0..<10_000 {
      let bytes = mutated(Array(message.utf8), &generator)
      do throws(IngestRefusal) {
        for item in try ingestion.items(from: bytes, source: source, arrival: Callbacks.arrival) {
          guard case .success(let event) = item else {
            refused += 1
            continue
          }
          accepted += 1
          let read = try? JSONValue(parsing: event.json)
          #expect(read?["id"]?.text == event.id, "seed \(seed)")
          guard !source.isEvidence else { continue }
          #expect(event.id.hasPrefix("paypal:") && read?["content_digest"]?.text?.utf8.count == 32)
        }
      } catch {
        refused += 1
        #expect(!error.message.isEmpty && !error.message.contains("\n"), "seed \(seed)")
      }
    }
    #expect(accepted > 0 && refused > 0)
    print("\(source.rawValue): \(accepted) events, \(refused) refusals")
  }
}
