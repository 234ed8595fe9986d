import Assay
import CAssayInterface
import Foundation
import RewardsSimulator
import RuleSets
import TestSupport
import Testing
import Workbench

/// Whichever way an event comes in, its decision has the same bytes.
@Suite struct SameBytesTests {
  /// The stream that ships.
  static func shipped() throws -> [String] {
    let path = SharedData.projectRoot.appending(path: "Fixtures/rewards/events.ndjson.gz").path
    var reader = try LineReader(opening: path)
    var events: [String] = []
    while let found = try reader.next() {
      guard found == .line else { continue }
      let line = reader.line
      events.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
    }
    return events
  }

  /// A stream that was never seen before, of so many events.
  private static func generated(_ count: Int) -> [String] {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["ASSAY_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
    print("ASSAY_SEED=\(seed) for \(count) events")
    var players = 80
    while true {
      let lines = RecordedStream(Plan(seed: seed, players: players, days: 28)).lines
      if lines.count >= count { return Array(lines.prefix(count)) }
      players = players * count / max(lines.count, 1) + players / 10
    }
  }

  /// What an engine in the same process decides.
  private static func expected(_ events: [String]) throws -> [String] {
    let engine = Engine(rules: try RuleSet(contentsOf: CEngine.rewards))
    return try events.map { String(decoding: try engine.decide($0).json, as: UTF8.self) }
  }

  private func compare(_ found: [String], _ expected: [String], _ way: String) {
    #expect(found.count == expected.count, "\(way)")
    if let index = zip(found, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
      Issue.record("\(way), event \(index + 1): \(found[index]) is not \(expected[index])")
    }
  }

  @Test func theStreamThatShips() throws {
    let events = try Self.shipped()
    let engine = try CEngine()
    compare(events.map { engine.decide($0).text ?? "" }, try Self.expected(events), "C")
  }

  /// `ASSAY_GENERATED_EVENTS` says how many; `ASSAY_SEED` draws the same again.
  @Test(.enabled(if: Library.canBeMade && Library.has("cc") && Library.has("python3")))
  func generatedStreams() throws {
    let count = ProcessInfo.processInfo.environment["ASSAY_GENERATED_EVENTS"].flatMap { Int($0) } ?? 10_000
    let events = Self.generated(count)
    let expected = try Self.expected(events)
    let engine = try CEngine()
    compare(events.map { engine.decide($0).text ?? "" }, expected, "C in this process")

    let prefix = try #require(Library.prefix)
    let file = FileManager.default.temporaryDirectory.appending(path: "assay-events-\(UUID().uuidString)")
    try Data(events.joined(separator: "\n").utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let decide = try Library.compile("Clients/c/decide.c")
    let python = "ASSAY_LIBRARY='\(prefix)/lib/libassay.so.1' python3 Clients/python/assay.py"
    for way in [
      "\(decide) Rules/rewards <", "\(python) Rules/rewards <", "assay replay --quiet Rules/rewards",
    ] {
      let text = try Library.run("\(way) '\(file.path)'")
      compare(text.split(separator: "\n").map(String.init), expected, way)
    }
  }
}
