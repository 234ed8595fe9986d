import Assay
import CAssay
import CAssayInterface
import Foundation
import RedisTestSupport
import RuleSets
import TestSupport
import Testing

/// Engines of the C interface over a real Redis.
@Suite(.enabled(if: RedisServer.isInstalled)) struct RedisTests {
  private static let key = Array("a key that all of them have".utf8)

  private func engine(
    _ folder: RuleSetFolder, _ server: RedisServer, timeout: UInt32 = 5_000, namespace: String = "two"
  ) throws -> CEngine {
    try "unix://\(server.path)".withCString { url in
      try namespace.withCString { namespace in
        try Self.key.withUnsafeBytes { key in
          try CEngine(folder.url.path) {
            $0.redis_url = url
            $0.redis_namespace = namespace
            $0.redis_timeout_ms = timeout
            $0.hashing_key = key.baseAddress
            $0.hashing_key_length = key.count
          }
        }
      }
    }
  }

  /// Two engines share their windows, threads share an engine, and the bytes are those of memory.
  @Test func enginesShareWindows() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let engines = try [engine(folder, server), engine(folder, server)]
    let memory = Engine(rules: try folder.load())
    for number in 1...200 {
      let event = TwoRules.event(number)
      let expected = String(decoding: try memory.decide(event).json, as: UTF8.self)
      #expect(engines[number % 2].decide(event).text == expected)
    }
    // What one has decided the other knows.
    #expect(engines[0].decide(TwoRules.event(1)).text?.contains(#""repeated":true"#) == true)
    #expect(engines[0].reload().status == ASSAY_OK)
    #expect(engines[0].decide(TwoRules.event(201)).text?.contains("201 payouts") == true)
  }

  /// Decisions that were not awaited are in Redis when an engine has ended.
  @Test func destroyWaitsUntilRedisHasEverything() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    for round in 0..<10 {
      let first = try engine(folder, server)
      for number in 1...20 { #expect(first.decide(TwoRules.event(number, user: round)).status == ASSAY_OK) }
      #expect(assay_destroy(first.handle) == ASSAY_OK)
      let second = try engine(folder, server)
      for number in 1...20 {
        let text = second.decide(TwoRules.event(number, user: round)).text ?? ""
        #expect(text.contains(#""repeated":true"#) && !text.contains("recomputed"), "\(text)")
      }
    }
  }

  /// A server that stands still costs a decision its time-out, and the decision says so.
  @Test func aServerThatStandsStillIsNotWaitedFor() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    let folder = try RuleSetFolder(TwoRules.files(score: 10))
    let engine = try engine(folder, server, timeout: 50)
    #expect(engine.decide(TwoRules.event(1)).text?.contains(#""degraded":false"#) == true)
    server.pause()
    let start = ContinuousClock.now
    let text = engine.decide(TwoRules.event(2)).text ?? ""
    #expect(text.contains(#""degraded":true"#) && text.contains(#""outcome":"review""#), "\(text)")
    #expect(ContinuousClock.now - start < .seconds(2))
    server.resume()
    // Ends although something waits for a server that has just come back.
    #expect(assay_destroy(engine.handle) == ASSAY_OK)
    #expect(ContinuousClock.now - start < .seconds(8))
  }
}
