import Foundation
import TestSupport
import Testing
import Workbench

/// The windows against those that the authors of the Fraud Detection Handbook computed for their own data.
@Suite(.enabled(if: SharedData.url("data/handbook") != nil, "the handbook's data is not beside the project"))
struct HandbookTests {
  /// One of our features and the handbook's column for it.
  private struct Column {
    let feature: String
    let name: String
    let isExact: Bool
  }

  private static let customers = [1, 7, 30].flatMap { days in
    [
      Column(feature: "customer_count_\(days)d", name: "CUSTOMER_ID_NB_TX_\(days)DAY_WINDOW", isExact: true),
      Column(
        feature: "customer_mean_\(days)d", name: "CUSTOMER_ID_AVG_AMOUNT_\(days)DAY_WINDOW", isExact: false),
    ]
  }
  private static let terminals = [1, 7, 30].flatMap { days in
    [
      Column(feature: "terminal_count_\(days)d", name: "TERMINAL_ID_NB_TX_\(days)DAY_WINDOW", isExact: true),
      Column(feature: "terminal_risk_\(days)d", name: "TERMINAL_ID_RISK_\(days)DAY_WINDOW", isExact: false),
    ]
  }

  @Test func everyColumnOfTwentyDaysIsEqual() throws {
    let rows = try compare(
      "transactions", windows: "windows", Self.customers + Self.terminals, ties: "TIE_CUSTOMER")
    #expect(rows == 199_992)
  }

  @Test func customerWindowsThatSlideForHalfAYearAreEqual() throws {
    let rows = try compare(
      "long-customers", windows: "long-customers.windows", Self.customers, ties: "TIE_CUSTOMER")
    #expect(rows > 22_000)
  }

  @Test func terminalWindowsThatSlideForHalfAYearAreEqual() throws {
    let rows = try compare(
      "long-terminals", windows: "long-terminals.windows", Self.terminals, ties: "TIE_CUSTOMER")
    #expect(rows > 19_000)
  }

  /// Replays a file with the command as a user would and compares row by row; returns how many rows counted.
  private func compare(_ events: String, windows: String, _ columns: [Column], ties: String) throws -> Int {
    let decisions = FileManager.default.temporaryDirectory.appending(
      path: "assay-\(UUID().uuidString).ndjson")
    defer { try? FileManager.default.removeItem(at: decisions) }
    let data = try #require(SharedData.url("data/handbook"))
    let run = try Shell.run(
      "assay replay Rules/handbook '\(data.path)/\(events).ndjson.gz' --features --quiet --decisions '\(decisions.path)'"
    )
    try #require(run.exitCode == 0, "\(run.errors)")
    var found = try LineReader(opening: decisions.path)
    var expected = try LineReader(opening: data.appending(path: windows + ".csv.gz").path)
    try #require(try expected.next() == .line)
    let header = Self.text(expected).split(separator: ",").map(String.init)
    let tie = try #require(header.firstIndex(of: ties))
    let places = try columns.map { try #require(header.firstIndex(of: $0.name)) }
    var rows = 0
    var mistakes: [String] = []
    while try expected.next() == .line {
      let values = Self.text(expected).utf8.split(separator: UInt8(ascii: ",")).map(Substring.init)
      guard try found.next() == .line, case let decision = Self.text(found),
        decision.utf8.starts(with: "{\"event\":\"\(values[0])\",".utf8)
      else {
        mistakes.append("the decisions do not go with the rows from \(values[0]) on")
        break
      }
      guard values[tie] == "0" else { continue }
      rows += 1
      let features = Self.features(of: decision)
      for (column, place) in zip(columns, places) {
        let want = Double(values[place]) ?? .nan
        let have = features[column.feature]
        let isEqual = have.map { column.isExact ? $0 == want : abs($0 - want) <= 1e-9 } ?? false
        if !isEqual && mistakes.count < 20 {
          mistakes.append(
            "\(values[0]) \(column.feature): \(have.map(String.init(describing:)) ?? "none"), not \(want)")
        }
      }
    }
    #expect(mistakes.isEmpty, "\(mistakes)")
    #expect(try found.next() == nil)
    return rows
  }

  private static func text(_ reader: borrowing LineReader) -> String {
    reader.line.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// The features of a decision that have a number.
  private static func features(of decision: String) -> [String: Double] {
    let bytes = decision.utf8
    let opening = #","features":{"#.utf8
    var rest = bytes[...]
    while let brace = rest.firstIndex(of: UInt8(ascii: "{")),
      !bytes[...brace].suffix(opening.count).elementsEqual(opening)
    {
      rest = bytes[bytes.index(after: brace)...]
    }
    guard let start = rest.firstIndex(of: UInt8(ascii: "{")) else { return [:] }
    let members = bytes[bytes.index(after: start)...].prefix { $0 != UInt8(ascii: "}") }
    var features: [String: Double] = [:]
    for member in members.split(separator: UInt8(ascii: ",")) {
      let parts = member.split(separator: UInt8(ascii: ":"))
      guard parts.count == 2, let value = Double(Substring(parts[1])) else { continue }
      features[String(Substring(parts[0].dropFirst().dropLast()))] = value
    }
    return features
  }
}
