import Foundation
import Ingest
import OrderedJSON
import TestSupport
import Testing

/// Many items in one message, and what a caller adds to them.
@Suite struct BatchTests {
  private let ingestion = Ingestion(IngestConfiguration())

  private func items(_ text: String) throws(IngestRefusal) -> [Result<IngestedEvent, IngestRefusal>] {
    try ingestion.items(from: text.utf8, source: .payPalBatch, arrival: Callbacks.arrival)
  }

  private func refusal(_ text: String) -> IngestRefusal? {
    do throws(IngestRefusal) {
      _ = try items(text)
      return nil
    } catch {
      return error
    }
  }

  @Test func eachItemIsJudgedByItself() throws {
    let good = PayoutTests.item("SUCCESS")
    let bad = [
      PayoutTests.item("NEW"), "7", #"{"transaction_status":"SUCCESS"}"#,
      good.replacing("u1-17", with: "u1 17"), good.replacing("9.87", with: "9.875"),
    ]
    let found = try items(#"{"items":[\#(([good] + bad + [good]).joined(separator: ","))]}"#)
    let parameters = found.map { item -> String? in
      if case .failure(let refusal) = item { refusal.parameter } else { nil }
    }
    #expect(
      parameters == [
        nil, "items[1].transaction_status", "items[2]", "items[3].payout_item_id",
        "items[4].payout_item.sender_item_id", "items[5].payout_item.amount.value", nil,
      ])
    // Where all are wanted or none, the first that is bad speaks for all.
    #expect(ingestion.refusal(#"{"items":[\#(good),\#(bad[0])]}"#, .payPalBatch)?.code == .unknownValue)
  }

  @Test func asManyItemsAsAPageHas() throws {
    let item = #"{"payout_item_id":"8A","transaction_status":"SUCCESS","payout_item":{}}"#
    func batch(_ count: Int, _ more: String = "") -> String {
      #"{\#(more)"items":[\#(Array(repeating: item, count: count).joined(separator: ","))]}"#
    }
    #expect(try items(batch(IngestLimits.itemsMax)).count == IngestLimits.itemsMax)
    let more = refusal(batch(IngestLimits.itemsMax + 1))
    #expect(more?.code == .tooLarge && more?.parameter == "items")
    // What the caller adds stands in each of them, and is bounded by all together.
    func event(_ bytes: Int) -> String { #""event":{"note":"\#(String(repeating: "x", count: bytes))"},"# }
    let room = IngestLimits.batchBytesMax / IngestLimits.itemsMax - #"{"note":""}"#.utf8.count
    #expect(refusal(batch(IngestLimits.itemsMax, event(room))) == nil)
    let crowded = refusal(batch(IngestLimits.itemsMax, event(room + 1)))
    #expect(crowded?.code == .tooLarge && crowded?.parameter == "event")
  }

  private final class Tally {
    var count = 0
  }

  /// A key that counts how often it is compared with another.
  private struct CountedKey: Hashable {
    let name: Int
    let comparisons: Tally

    static func == (one: CountedKey, other: CountedKey) -> Bool {
      one.comparisons.count += 1
      return one.name == other.name
    }

    func hash(into hasher: inout Hasher) { hasher.combine(name) }
  }

  /// Twice the members take twice the comparisons, not four times.
  @Test func membersAreMergedInLinearTime() throws {
    let count = 32_000
    let comparisons = Tally()
    func keys(_ names: Range<Int>) -> [CountedKey] {
      names.map { CountedKey(name: $0, comparisons: comparisons) }
    }
    let places = MemberPlaces.of(keys(count / 2..<count * 2), among: keys(0..<count))
    #expect(places.prefix(count / 2).elementsEqual((count / 2..<count).map(Optional.some)))
    #expect(places.dropFirst(count / 2).allSatisfy { $0 == nil })
    #expect(comparisons.count < 20 * count, "\(comparisons.count) comparisons")
    let members = (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",")
    let event = try ingestion.event(
      #"{"event":{\#(members)},\#(PayoutTests.item("SUCCESS").dropFirst())"#, .payPalBatch)
    #expect(event.value["m\(count - 1)"] == .number("\(count - 1)"))
  }

  @Test func mergedObjectsKeepTheVendorsMembers() throws {
    let text = #"{"event":{"id":"other","payout":{"amount_minor":1,"partner":"p"},"device":{"id":"d"}},"#
    let event = try ingestion.event(text + PayoutTests.item("SUCCESS").dropFirst(), .payPalBatch)
    #expect(event.value["id"]?.text == "paypal:8AELMXH8UB2P8:SUCCESS")
    #expect(event.value["payout"]?["amount_minor"] == .number("987"))
    #expect(event.value["payout"]?["partner"]?.text == "p" && event.value["device"]?["id"]?.text == "d")
    // Nobody but the ingestion states what makes an event the same.
    let stated = #"{"event":{"content_digest":"mine"},"#
    let own = try ingestion.event(stated + PayoutTests.item("SUCCESS").dropFirst(), .payPalBatch)
    #expect(own.value["content_digest"]?.text != "mine")
  }
}
