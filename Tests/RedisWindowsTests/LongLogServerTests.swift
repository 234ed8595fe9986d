import Assay
import RedisTestSupport
import RedisWindows
import RuleSets
import TestSupport
import Testing
import Windows

/// A log of ten megabytes in front of instances that do not know it, over a real server.
@Suite(.enabled(if: RedisServer.isInstalled)) struct LongLogServerTests {
  private static let records = 5_000

  @Test func aRestartedInstanceComesToFullServiceAndOthersAreNotDisturbed() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try Self.rules()
    let writer = try await Self.engine(rules, server, milliseconds: 30_000)
    try await Self.write(writer)
    let script = "return redis.call('STRLEN', redis.call('KEYS', '*hot*')[1])"
    #expect(try Int(server.run("EVAL", script, "0")) ?? 0 > 10_000_000)
    let reader = try await Self.engine(rules, server, milliseconds: 10_000)
    let begin = ContinuousClock.now
    async let hot = reader.decide(waitingFor: Self.event("x", user: "hot"))
    var others = 0
    for round in 0..<40 {
      let decision = try await reader.decide(waitingFor: Self.event("o\(round)", user: "u\(round)"))
      #expect(decision.degraded == nil && Self.count(decision) == 1)
      others += 1
    }
    let decision = try await hot
    print("a log of ten megabytes was read within \(ContinuousClock.now - begin)")
    #expect(decision.degraded == nil && others == 40)
    #expect(Self.count(decision) == Int64(Self.records + 1))
    let statistics = try await reader.store.statistics()
    #expect(statistics.slicedReads == 1 && statistics.degraded == 0 && statistics.rereads == 0)
    #expect(try await reader.store.health().connects == 1)
    writer.store.close()
    reader.store.close()
  }

  /// With a deadline that is too short for the whole log the first visits are degraded and say why; the log is read
  /// all the same.
  @Test func aShortDeadlineDegradesWhatWaitsForTheLogAndNothingElse() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try Self.rules()
    let writer = try await Self.engine(rules, server, milliseconds: 30_000)
    try await Self.write(writer)
    let reader = try await Self.engine(rules, server, milliseconds: 20)
    _ = try await reader.decide(waitingFor: Self.event("warm", user: "warm"))
    let first = try await reader.decide(waitingFor: Self.event("x", user: "hot"))
    if let reason = first.degraded { #expect(reason.contains("still being read")) }
    var counted: Int64?
    var attempts = 0
    while counted == nil && attempts < 500 {
      attempts += 1
      let decision = try await reader.decide(waitingFor: Self.event("y\(attempts)", user: "hot"))
      if decision.degraded == nil { counted = Self.count(decision) }
    }
    #expect(counted == Int64(Self.records + 1 + attempts))
    let statistics = try await reader.store.statistics()
    #expect(statistics.slicedReads == 1 && statistics.lostLogs == 0)
    #expect(try await reader.store.health().connects == 1)
    writer.store.close()
    reader.store.close()
  }

  private static func engine(
    _ rules: RuleSet, _ server: RedisServer, milliseconds: Int
  ) async throws -> Engine<RedisWindows> {
    var configuration = RedisConfiguration(namespace: "long")
    configuration.addresses = [server.address]
    configuration.timeoutMilliseconds = milliseconds
    return Engine(
      rules: rules, store: try await RedisWindows.connect(configuration),
      options: EngineOptions(clock: .replay, allFeatures: true))
  }

  /// A record of two kilobytes for each event of one player.
  private static func write(_ engine: Engine<RedisWindows>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<20 {
        group.addTask {
          for number in 0..<records / 20 {
            let decision = try await engine.decide(waitingFor: event("w\(worker)-\(number)", user: "hot"))
            #expect(decision.degraded == nil)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private static func count(_ decision: Decision) -> Int64? {
    guard case .int(let count)? = decision.features.first(where: { $0.name == "payouts" })?.value else {
      return nil
    }
    return count
  }

  private static func event(_ id: String, user: String) -> [UInt8] {
    Array(
      """
      {"id": "\(id)", "type": "payout", "ts": 1767600000000, "user": "\(user)", \
      \((0..<8).map { "\"note\($0)\": \"\(String(repeating: id, count: 250 / id.count))\"" }.joined(separator: ", "))}
      """.utf8)
  }

  private static func rules() throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: long\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: {field: ts, as: unix_ms}}
      types: [payout]
      fields:
        user: {type: string, required: true}
      """ + (0..<8).map { "\n  note\($0): {type: string}" }.joined(),
      "features.yaml": """
      features:
        payouts: {count: payout, by: user, over: 7d, limit: 20000}
      """
        + (0..<8).map { "\n  last\($0): {last: note\($0), of: payout, by: user, over: 7d, limit: 20000}" }
        .joined(),
      "rules/all.yaml": """
      rules:
        - {id: many, title: Many, family: velocity, on: payout, score: 1, when: 'payouts > 3 && last0 != "" '}
      """,
    ])
  }
}
