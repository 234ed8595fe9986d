import CEL
import Events
import Foundation
import TestSupport
import Testing

@Suite("The handbook's transactions")
struct HandbookTests {
  static let url = SharedData.url("data/handbook/transactions.ndjson.gz")
  static let decoder = EventDecoder(
    schema: Schema(
      identity: .init(
        id: "transaction_id", type: .always("transaction"), time: "ts_ms", timeFormat: .unixMilliseconds),
      types: ["transaction"],
      fields: [
        .init(path: "customer_id", type: .string, required: true),
        .init(path: "terminal_id", type: .string, required: true),
        .init(path: "amount", type: .double(scale: 2), required: true),
        .init(path: "amount_cents", type: .int, required: true),
        .init(path: "ts", type: .timestamp(.iso8601), required: true),
        .init(path: "fraud", type: .int, required: true),
      ]))

  @Test("200,000 lines decode", .enabled(if: url != nil, "data/handbook is not there"))
  func decodes() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", try #require(Self.url).path]
    process.standardOutput = output
    try process.run()
    let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    var count = 0
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      let event = try Self.decoder.decode(bytes.span.extracting(start..<end))
      // The file writes each time and each amount twice, in two ways.
      let slots = event.frame.slots
      try #require(slots[4].integer == event.time)
      try #require((slots[2].double * 100).rounded() == Double(slots[3].integer))
      start = end + 1
      count += 1
    }
    #expect(count == 200_000)
  }
}
