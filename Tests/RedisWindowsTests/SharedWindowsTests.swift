import Assay
import Dispatch
import Foundation
import RedisTestSupport
import RedisWindows
import RuleSets
import TestSupport
import Testing
import Windows

/// Several instances over one real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct SharedWindowsTests {
  /// Streams whose events go to one instance after another: the answers are the oracle's.
  @Test func instancesThatTakeTurnsAnswerAsTheOracleDoes() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let given = ProcessInfo.processInfo.environment["ASSAY_STREAM_SEED"].flatMap { UInt64($0) }
    let base = given ?? UInt64.random(in: 0..<1_000_000_000)
    print("shared window streams from seed \(base)")
    var compared = 0
    for seed in base..<base + 60 {
      var streams = WindowStreams(seed: seed)
      let plans = (1...3).map { streams.plan(identity: UInt64($0)) }
      let store = try TurnStore((0..<3).map { _ in try Self.store(server, "streams\(seed)") })
      var run = WindowStreamRun(store: store, plan: plans[0])
      for (number, event) in streams.events(count: 40).enumerated() {
        if number % 17 == 16 { run.plan = plans[number / 17 % 3] }
        let decision: [UInt8]? = number % 3 == 0 ? Array("decided \(event.id)".utf8) : nil
        let difference = run.send(event, decision: decision, blocks: number % 7 == 0)
        #expect(difference == nil, "seed \(seed), event \(number): \(difference ?? "")")
        if difference != nil { return }
      }
      compared += run.compared
      store.close()
    }
    #expect(compared > 1_000)
  }

  /// Of a hundred payouts at once, spread over instances, in whatever order their times stand, three pass.
  @Test(arguments: ["attempts", "accepted"])
  func atMostThreePassAtOnce(counting: String) async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let rules = try Self.atMostThree(counting: counting)
    let engines = try (0..<8).map { _ in
      Engine(
        rules: rules, store: try Self.store(server, "burst-\(counting)"),
        options: EngineOptions(clock: .replay))
    }
    let rounds = Int(ProcessInfo.processInfo.environment["ASSAY_BURST_ROUNDS"] ?? "") ?? 40
    for round in 0..<rounds {
      let times = (0..<100).shuffled()
      let allowed = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<100 {
          let engine = engines[number % engines.count]
          let json = """
            {"id": "r\(round)-\(number)", "type": "payout", "time": "2026-01-05T12:00:00.\(Self.padded(times[number]))Z", \
            "user": "u\(round)"}
            """
          group.addTask {
            let decision = try await engine.decide(waitingFor: Array(json.utf8))
            #expect(decision.degraded == nil)
            return decision.outcome == .allow
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      if counting == "attempts" { #expect(allowed == 3) } else { #expect((1...3).contains(allowed)) }
    }
  }

  private static func padded(_ number: Int) -> String { String("00\(number)".suffix(3)) }

  private static func atMostThree(counting: String) throws -> RuleSet {
    try RuleSet.fromFiles([
      "ruleset.yaml": "ruleset: burst\ndecision: {review: 40, block: 80}\n",
      "schema.yaml": """
      event: {id: id, type: type, time: time}
      types: [payout]
      fields:
        user: {type: string, required: true}
      """,
      "features.yaml": "features:\n  payouts: {count: payout, by: user, over: 1h, counting: \(counting)}\n",
      "rules/all.yaml": """
      rules:
        - {id: fourth, title: Fourth, family: velocity, on: payout, when: payouts > 3, decide: block}
      """,
    ])
  }

  static func store(_ server: RedisServer, _ namespace: String) throws -> RedisWindows {
    var configuration = RedisConfiguration(namespace: namespace)
    configuration.addresses = [server.address]
    configuration.timeoutMilliseconds = 10_000
    return try RedisWindows.connectAndWait(configuration)
  }
}

/// Hands each visit to the next of several stores; what one sends aside is out before the next is asked.
final class TurnStore: WindowStore {
  private let stores: [RedisWindows]
  private let turn = Guarded(0)

  init(_ stores: [RedisWindows]) { self.stores = stores }

  private func next() -> RedisWindows {
    let number = turn.withLock { turn in
      turn += 1
      return turn
    }
    return stores[number % stores.count]
  }

  func exchange(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit? {
    next().exchange(visit, resume: resume)
  }

  func exclude(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void) -> Visit? {
    next().exclude(visit, resume: resume)
  }

  func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    let store = next()
    store.remember(visit, decision: decision)
    let done = DispatchSemaphore(value: 0)
    // No task for it: all threads of tasks may be waiting like this one.
    _ = store.withCore { $0.drain { done.signal() } }
    done.wait()
  }

  func close() { for store in stores { store.close() } }
}
