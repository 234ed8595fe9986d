import CAssayInterface
import Foundation
import RedisTestSupport
import Synchronization
import TestSupport
import Testing
import Windows

/// A real Redis that stands still, is killed and comes back, under engines of the C interface.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisFaultTests {
  private static let key = Array("a key that all of them have".utf8)
  private static let timeoutMilliseconds: UInt32 = 100
  /// The time-out, and what a machine with other work takes besides.
  private static let patience = Duration.milliseconds(1_500)

  private func engine(_ folder: RuleSetFolder, _ server: RedisServer) throws -> CEngine {
    try "unix://\(server.path)".withCString { url in
      try Self.key.withUnsafeBytes { key in
        try CEngine(folder.url.path) {
          $0.redis_url = url
          $0.redis_timeout_ms = Self.timeoutMilliseconds
          $0.hashing_key = key.baseAddress
          $0.hashing_key_length = key.count
        }
      }
    }
  }

  /// A server that has after a crash what it had acknowledged: windows that lost records stay unknown.
  private static func lasting() async throws -> RedisServer {
    var options = RedisServer.Options()
    options.persistence = .appendOnly
    return try await RedisServer.start(options)
  }

  /// What a decision says, made in the time that it has.
  private func decide(_ engine: CEngine, _ number: Int, user: Int = 0) -> String {
    let start = ContinuousClock.now
    let answer = engine.decide(TwoRules.event(number, user: user))
    let took = ContinuousClock.now - start
    #expect(answer.status == ASSAY_OK && took < Self.patience, "event \(number): \(took), \(answer)")
    return answer.text ?? ""
  }

  /// Decides new events until one has its windows again, ten seconds at most.
  private func recover(_ engine: CEngine, from first: Int) async throws -> String {
    for number in first..<first + 200 {
      let text = decide(engine, number)
      if text.contains(#""degraded":false"#) { return text }
      try await Task.sleep(for: .milliseconds(50))
    }
    return "it stays degraded"
  }

  private func isTold(_ text: String) -> Bool {
    text.contains(#""degraded":true"#) && text.contains(#""why":""#) && text.contains(#""outcome":"review""#)
  }

  /// A server that stands still: decisions come in their time and say that they know no windows; afterwards they know
  /// them, and what was decided meanwhile counts.
  @Test func aServerThatStandsStill() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let engine = try engine(try RuleSetFolder(TwoRules.files(score: 10)), server)
    for number in 1...10 { #expect(decide(engine, number).contains(", \(number) payouts")) }
    server.pause()
    for number in 11...20 {
      let text = decide(engine, number)
      #expect(isTold(text), "\(text)")
    }
    server.resume()
    #expect(try await recover(engine, from: 1_000).contains(" payouts"))
    // All that came is in the log now, by the next read of it at the latest.
    var text = ""
    for number in 2_000..<2_100 where !text.contains(", \(number) payouts") {
      text = decide(engine, number)
      let count = text.firstMatch(of: /, ([0-9]+) payouts/).flatMap { Int($0.1) } ?? 0
      if count > 21 { break }
      try await Task.sleep(for: .milliseconds(50))
    }
    let count = text.firstMatch(of: /, ([0-9]+) payouts/).flatMap { Int($0.1) } ?? 0
    #expect(count >= 22, "\(text)")
  }

  /// A server that is gone, and comes back.
  @Test func aServerThatIsKilled() async throws {
    let server = try await Self.lasting()
    defer { server.stop() }
    // Read again by each reload, and gone with its last use.
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    defer { withExtendedLifetime(folder) {} }
    let engine = try engine(folder, server)
    #expect(decide(engine, 1).contains(#""degraded":false"#))
    for round in 1...3 {
      server.kill()
      for number in 1...20 {
        let text = decide(engine, round * 10_000 + number)
        #expect(isTold(text), "\(text)")
      }
      #expect(engine.reload().status == ASSAY_OK)
      try await server.restart()
      #expect(try await recover(engine, from: round * 10_000 + 100).contains(#""degraded":false"#))
    }
    let start = ContinuousClock.now
    server.kill()
    #expect(assay_destroy(engine.handle) == ASSAY_OK)
    #expect(ContinuousClock.now - start < .seconds(8))
  }

  /// Threads decide all the while. None waits beyond its time, and each is told the truth.
  @Test func threadsDecideThroughFaults() async throws {
    let server = try await Self.lasting()
    defer { server.stop() }
    let engine = try engine(try RuleSetFolder(TwoRules.files(score: 10)), server)
    let isOver = Atomic(false)
    let strange = Guarded<[String]>([])
    let counts = Guarded((whole: 0, degraded: 0, slowest: Duration.zero))
    let threads = (1...6).map { user in
      Thread {
        var number = 0
        while !isOver.load(ordering: .relaxed) {
          number += 1
          let start = ContinuousClock.now
          let answer = engine.decide(TwoRules.event(number, user: user))
          let took = ContinuousClock.now - start
          let text = answer.text ?? ""
          let isWhole = text.contains(#""degraded":false"#)
          if answer.status != ASSAY_OK || !isWhole && !isTold(text) { strange.withLock { $0.append(text) } }
          counts.withLock {
            $0 = (
              $0.whole + (isWhole ? 1 : 0), $0.degraded + (isWhole ? 0 : 1), max($0.slowest, took)
            )
          }
          usleep(1_000)
        }
      }
    }
    for thread in threads { thread.start() }
    for round in 0..<6 {
      try await Task.sleep(for: .milliseconds(200))
      if round % 2 == 0 { server.pause() } else { server.kill() }
      try await Task.sleep(for: .milliseconds(400))
      if round % 2 == 0 { server.resume() } else { try await server.restart() }
    }
    #expect(try await recover(engine, from: 1).contains(#""degraded":false"#))
    isOver.store(true, ordering: .relaxed)
    for thread in threads { while !thread.isFinished { usleep(1_000) } }
    let found = counts.withLock { $0 }
    print(
      "through six faults: \(found.whole) with windows, \(found.degraded) without, slowest \(found.slowest)")
    #expect(strange.withLock { $0.first } == nil)
    #expect(found.whole > 100 && found.degraded > 10 && found.slowest < Self.patience, "\(found)")
  }
}
