import Assay
import CEL
import Foundation
import RedisTestSupport
import RedisWindows
import RuleSets
import TestSupport
import Testing
import Windows
import Workbench

/// Backfills through the library, over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct LibraryBackfillTests {
  private static func store(_ server: RedisServer, _ namespace: String = "rewards") throws -> RedisWindows {
    var configuration = RedisConfiguration(namespace: namespace)
    configuration.addresses = [server.address]
    configuration.timeoutMilliseconds = 10_000
    return try RedisWindows.connectAndWait(configuration)
  }

  private static func rewards() throws -> RuleSet {
    try #require(try RuleFolder.load(SharedData.projectRoot.appending(path: "Rules/rewards").path).ruleSet)
  }

  private static var events: String {
    SharedData.projectRoot.appending(path: "Fixtures/rewards/events.ndjson.gz").path
  }

  /// One device with more events than its log is to hold: the log stays readable, and the windows are those of memory.
  @Test func longLogsAreTrimmedOnTheWay() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try SampleRules.load()
    let folder = try TemporaryFolder()
    let lines = (0..<12_000).map { number in
      let time = Timestamp(milliseconds: 1_767_600_000_000 + Int64(number) * 60_000)?.rfc3339() ?? ""
      return #"{"id":"e\#(number)","type":"payout.requested","time":"\#(time)","user":{"id":"u"},"#
        + #""device":{"id":"d\#(number % 2)"}}"#
    }
    let path = try folder.write("events", lines.dropLast(100).joined(separator: "\n"))
    let store = try Self.store(server, "small")
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay, allFeatures: true))
    var backfill = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try backfill.run(path)
    #expect(backfill.summary.appended == 11_900)
    await store.drain()
    let memory = Engine(rules: rules, options: EngineOptions(clock: .replay, allFeatures: true))
    for line in lines.dropLast(100) { _ = try memory.decide(line) }
    for line in lines.suffix(100) {
      #expect(try await engine.decide(waitingFor: Array(line.utf8)).json == memory.decide(line).json)
    }
    let longest = try server.run(
      "EVAL",
      "local m = 0 for _, k in ipairs(redis.call('KEYS', '*{*')) do m = math.max(m, redis.call('STRLEN', k)) end return m",
      "0")
    #expect(Int(longest) ?? .max < 600_000, "\(longest)")
    #expect(try await store.statistics().trims > 0)
    store.close()
  }

  /// A server that refuses to show a long log is told as such, and not taken for one with bytes of somebody else.
  @Test func aRefusalIsNotTakenForALog() async throws {
    let server = try await RedisServer.start(
      RedisServer.Options { $0.users = ["user default on nopass ~* +@all -getrange"] })
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let lines = (0..<12_000).map { number in
      #"{"id":"e\#(number)","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u"}}"#
    }
    let store = try Self.store(server, "small")
    defer { store.close() }
    let rules = try SampleRules.load()
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay))
    var backfill = Backfill(rules: rules, recording: ArchiveRecording(engine))
    let path = try folder.write("events", lines.joined(separator: "\n"))
    var message = ""
    do throws(ArchiveFailure) {
      try backfill.run(path)
    } catch {
      message = error.message
    }
    #expect(message.hasSuffix("does not allow the user a command or key"), "\(message)")
  }

  /// Claims without a mark are what a run leaves that was stopped between two steps.
  @Test func claimsWithoutAMarkAreTakenUpAgain() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try Self.rewards()
    let store = try Self.store(server)
    defer { store.close() }
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay))
    var first = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try first.run(Self.events)
    let count = first.summary.appended
    // Every mark becomes a claim: the state byte is the second.
    try server.run(
      "EVAL", "for _, k in ipairs(redis.call('KEYS', '*:#*')) do redis.call('SETRANGE', k, 1, '\\0') end", "0"
    )
    var second = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try second.run(Self.events)
    #expect(second.summary.resumed == count && second.summary.appended == count)
    var third = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try third.run(Self.events)
    #expect(third.summary.appended == 0 && third.summary.known == third.summary.lines)
  }

  /// A compressed file that was cut: what could be read of it is taken in, and told.
  @Test func whatWasReadBeforeABrokenEndIsTakenIn() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try SampleRules.load()
    let store = try Self.store(server, "small")
    defer { store.close() }
    let folder = try TemporaryFolder()
    let lines = (0..<1_500).map { number in
      #"{"id":"e\#(number)","type":"payout.requested","time":"2026-01-05T10:00:00Z","user":{"id":"u\#(number)"}}"#
        + "\n"
    }
    let path = try folder.write(
      "events.gz", StoredGzip.member(Array(lines.joined().utf8)).dropLast(4).map { $0 })
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay))
    var backfill = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try backfill.run(path)
    let summary = backfill.summary
    #expect(summary.inputErrors.count == 1 && summary.lines == 1_500)
    #expect(summary.appended == 1_500 && summary.reached?.number == 1_500, "\(summary)")
  }

  /// An event that was decided live is there, and its decision stays the one that was given.
  @Test func whatWasDecidedLiveIsLeftAlone() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try SampleRules.load()
    let store = try Self.store(server, "small")
    defer { store.close() }
    let engine = Engine(rules: rules, store: store, options: EngineOptions(clock: .replay))
    let line = try #require(
      try String(contentsOfFile: SampleRules.events, encoding: .utf8).split(separator: "\n").first)
    let decided = try await engine.decide(waitingFor: Array(line.utf8))
    await store.drain()
    var backfill = Backfill(rules: rules, recording: ArchiveRecording(engine))
    try backfill.run(SampleRules.events)
    #expect(backfill.summary.known == 2, "that event, and the retry among the others")
    var again = try await engine.decide(waitingFor: Array(line.utf8))
    #expect(again.repeated)
    again = try #require(Decision(record: again.record))
    #expect(again == decided)
  }
}

/// Decisions are read back as they were written.
@Suite struct DecisionReadingTests {
  @Test func whatWasWrittenIsReadAndWrittenAgain() throws {
    let rules = try #require(
      try RuleFolder.load(SharedData.projectRoot.appending(path: "Rules/rewards").path).ruleSet)
    var replay = Replay(rules: rules, allFeatures: true)
    var compared = 0
    var different: [String] = []
    try replay.run(SharedData.projectRoot.appending(path: "Fixtures/rewards/events.ndjson.gz").path) {
      decision throws(OutputError) in
      let json = decision.json
      compared += 1
      guard var read = Decision(line: json.span) else {
        different.append(String(decoding: json, as: UTF8.self))
        return
      }
      read.recomputed = decision.recomputed
      if read.json != json { different.append(String(decoding: json, as: UTF8.self)) }
    }
    #expect(compared > 7_500)
    #expect(different.isEmpty, "\(different.count): \(different.first ?? "")")
  }
}
