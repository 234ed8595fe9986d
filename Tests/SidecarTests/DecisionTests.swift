import Assay
import Foundation
import RewardsSimulator
import RuleSets
import Sidecar
import TestSupport
import Testing
import Workbench

/// The same bytes on every way in.
@Suite struct DecisionTests {
  /// The first events of the stream that ships.
  static func events(_ count: Int) throws -> [String] {
    var reader = try LineReader(opening: SidecarBench.events)
    var events: [String] = []
    while events.count < count, let found = try reader.next() {
      if case .line = found {
        let line = reader.line
        events.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
      }
    }
    return events
  }

  /// What an engine in the same process decides.
  static func decisions(_ events: [String]) throws -> [String] {
    let engine = Engine(rules: try RuleSet(contentsOf: SidecarBench.rewards), options: options)
    return try events.map { String(decoding: try engine.decide($0).json, as: UTF8.self) }
  }

  static let key = Array("a key that all of them have".utf8)
  static let options = EngineOptions(hashingKey: key)

  /// The first events that ship; with `ASSAY_SIDECAR_EVENTS` so many of a stream that is made for this run.
  private static func someEvents() throws -> [String] {
    guard let count = ProcessInfo.processInfo.environment["ASSAY_SIDECAR_EVENTS"].flatMap({ Int($0) }) else {
      return try events(2_000)
    }
    let seed = UInt64.random(in: 0...UInt64.max)
    print("events of seed \(seed)")
    let lines = RecordedStream(Plan(seed: seed, players: count / 20, days: 14)).lines
    try #require(lines.count >= count)
    return Array(lines.prefix(count))
  }

  @Test func everyWayInGivesTheSameBytes() async throws {
    let events = try Self.someEvents()
    let expected = try Self.decisions(events)
    for way in [Self.bareLines, Self.requests, Self.oneRequest] {
      let bench = try await SidecarBench { $0.hashingKey = Self.key }
      let found = try await apart { try way(bench, events) }
      #expect(found.count == expected.count)
      if let index = zip(found, expected).enumerated().first(where: { $1.0 != $1.1 })?.offset {
        Issue.record("event \(index + 1): \(found[index]) is not \(expected[index])")
      }
      await bench.server.stop()
    }
  }

  private static let bareLines: @Sendable (SidecarBench, [String]) throws -> [String] = { bench, events in
    let connection = try bench.connect()
    let lines = events.joined(separator: "\n")
    let sender = Thread {
      connection.send(lines)
      connection.end()
    }
    sender.start()
    return String(decoding: connection.readAll(), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static let requests: @Sendable (SidecarBench, [String]) throws -> [String] = { bench, events in
    let connection = try bench.connect()
    let bytes = events.map { SidecarBench.request($0) }.joined()
    let sender = Thread { connection.send(bytes) }
    sender.start()
    return try events.map { _ in
      let answer = try #require(connection.response())
      #expect(answer.status == 200, "\(answer)")
      return String(answer.text.dropLast())
    }
  }

  private static let oneRequest: @Sendable (SidecarBench, [String]) throws -> [String] = { bench, events in
    let connection = try bench.connect()
    let sender = Thread {
      connection.send(
        "POST /v1/decisions HTTP/1.1\r\nhost: s\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
      )
      for event in events {
        // A chunk's end has nothing to do with a line's.
        let bytes = Array((event + "\n").utf8)
        for part in [bytes[..<(bytes.count / 3)], bytes[(bytes.count / 3)...]] {
          connection.send("\(String(part.count, radix: 16))\r\n")
          connection.send(part)
          connection.send("\r\n")
        }
      }
      connection.send("0\r\n\r\n")
    }
    sender.start()
    let answer = try #require(connection.response())
    #expect(answer.status == 200)
    #expect(answer.header("content-type") == "application/x-ndjson")
    return answer.text.split(separator: "\n").map(String.init)
  }

  /// Who has said that nothing more comes, and is slow to read, still gets every answer: also those that were written when
  /// the kernel took no more.
  @Test func whoEndsFirstStillGetsAllAnswers() async throws {
    let bench = try await SidecarBench()
    let events = try Self.events(700)
    for count in stride(from: 200, through: 700, by: 25) {
      let asked = Array(events.prefix(count))
      let (lines, answers) = try await apart {
        let sent = asked.joined(separator: "\n")
        return (
          try Self.slowly(bench, sent).split(separator: "\n").count,
          try Self.slowly(bench, asked.map { SidecarBench.request($0) }.joined())
            .components(separatedBy: "\r\n\r\n{").count - 1
        )
      }
      #expect(lines == count)
      #expect(answers == count)
    }
    await bench.server.stop()
  }

  private static func slowly(_ bench: SidecarBench, _ text: String) throws -> String {
    let connection = try bench.connect()
    let sender = Thread {
      connection.send(text)
      connection.end()
    }
    sender.start()
    Thread.sleep(forTimeInterval: 0.03)
    return String(decoding: connection.readAll(), as: UTF8.self)
  }

  /// Each answer of a stream comes before the next event is sent.
  @Test func aStreamIsAnsweredAsItComes() async throws {
    let bench = try await SidecarBench()
    let connection = try bench.connect()
    connection.send(
      "POST /v1/decisions HTTP/1.1\r\nhost: s\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    _ = try #require(connection.read(through: "\r\n\r\n"))
    for event in try Self.events(20) {
      connection.send("\(String(event.utf8.count + 1, radix: 16))\r\n\(event)\n\r\n")
      _ = try #require(connection.read(through: "\r\n"))
      let line = try #require(connection.line())
      #expect(line.hasPrefix(#"{"event":""#), "\(line)")
      _ = try #require(connection.read(2))
    }
    await bench.server.stop()
  }

  @Test func whatIsNoEventIsToldAndEndsNothing() async throws {
    let bench = try await SidecarBench()
    let event = try #require(try Self.events(1).first)
    let connection = try bench.connect()
    connection.send(#"{"id":"x","type":"none"}"# + "\n" + "{broken\n" + event + "\n")
    let first = try #require(connection.line())
    #expect(first.contains(#""status":422"#) && first.contains(#""field":"#), "\(first)")
    let second = try #require(connection.line())
    #expect(second.contains(#""status":400,"code":"not-json""#), "\(second)")
    #expect(connection.line()?.hasPrefix(#"{"event":""#) == true)
    connection.send("{" + String(repeating: " ", count: 1_100_000) + "\n" + event + "\n")
    #expect(connection.line()?.contains(#""code":"too-large""#) == true)
    #expect(connection.line()?.contains(#""repeated":true"#) == true)
    await bench.server.stop()
  }

  @Test func aKeyThatIsNotTheIDIsRefused() async throws {
    let bench = try await SidecarBench()
    let event = try #require(try Self.events(1).first)
    let id = try #require(event.firstMatch(of: /"id":"([^"]*)"/)?.1)
    let connection = try bench.connect()
    connection.send(SidecarBench.request(event, headers: "idempotency-key: another\r\n"))
    let refused = try #require(connection.response())
    #expect(refused.status == 422 && refused.text.contains(#""code":"idempotency-key""#), "\(refused)")
    connection.send(SidecarBench.request(event, headers: "idempotency-key: \(id)\r\n"))
    let decided = try #require(connection.response())
    // The refused request has left no trace.
    #expect(decided.status == 200 && decided.text.contains(#""repeated":false"#), "\(decided)")
    await bench.server.stop()
  }
}
