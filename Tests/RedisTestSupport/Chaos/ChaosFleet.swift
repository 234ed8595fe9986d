import Assay
import RedisWindows
import RuleSets
import TestSupport
import Windows

/// The instances that share one Redis.
final class ChaosFleet: Sendable {
  private let rules: RuleSet
  private let target: any ChaosTarget
  private let namespace: String
  private let engines: Guarded<[Engine<RedisWindows>]>
  private let probeNumber = Guarded(0)
  /// By instances that have ended.
  private let trimsBefore = Guarded(0)

  init(rules: RuleSet, target: any ChaosTarget, namespace: String, count: Int) async throws {
    self.rules = rules
    self.target = target
    self.namespace = namespace
    engines = Guarded([])
    for number in 0..<count {
      let engine = try await connect(number)
      engines.withLock { $0.append(engine) }
    }
  }

  private func connect(_ number: Int, patience: Int? = nil) async throws -> Engine<RedisWindows> {
    var configuration = target.configuration(namespace: namespace, number: number)
    if let patience { configuration.timeoutMilliseconds = patience }
    let store = try await RedisWindows.connect(configuration)
    return Engine(rules: rules, store: store, options: EngineOptions(clock: .replay, allFeatures: true))
  }

  private var all: [Engine<RedisWindows>] { engines.withLock { $0 } }

  /// Has any instance decide an event.
  func decide(_ json: [UInt8], _ random: inout SeededGenerator) async -> Result<Decision, EventRefusal> {
    let all = all
    return await Self.decide(json, by: all[Int.random(in: 0..<all.count, using: &random)])
  }

  private static func decide(
    _ json: [UInt8], by engine: Engine<RedisWindows>
  ) async -> Result<Decision, EventRefusal> {
    do { return .success(try await engine.decide(waitingFor: json)) } catch { return .failure(error) }
  }

  /// How long after `back` each instance was in full service: decided again as it should, three times in a row, with
  /// nothing left to be appended; seconds, nil where it was not.
  func recover(since back: ContinuousClock.Instant) async -> [Double?] {
    await withTaskGroup(of: Double?.self) { group in
      for engine in all { group.addTask { await self.recover(engine, since: back) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
  }

  private func recover(_ engine: Engine<RedisWindows>, since back: ContinuousClock.Instant) async -> Double? {
    var first: ContinuousClock.Instant?
    var inRow = 0
    while .now - back < .seconds(20) {
      let start = ContinuousClock.now
      if await isInService(engine) {
        first = first ?? start
        inRow += 1
        if inRow >= 3, let first { return max(0, (first - back) / .seconds(1)) }
      } else {
        first = nil
        inRow = 0
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return nil
  }

  /// Whether an instance has nothing left to append, and decides four events of new entities, wherever their logs are.
  private func isInService(_ engine: Engine<RedisWindows>) async -> Bool {
    let statistics = try? await engine.store.statistics()
    guard statistics?.backlogCount == 0 else { return false }
    return await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        let number = probeNumber.withLock { number in
          number += 1
          return number
        }
        let json = """
          {"id":"fresh\(number)","type":"pay","time_ms":1767600000000,"user":"fresh\(number)",\
          "device":"fresh\(number)","card":"fresh\(number)","amount":1,"fee":1,"toll":1}
          """
        group.addTask {
          guard case .success(let decision) = await Self.decide(Array(json.utf8), by: engine) else {
            return false
          }
          return decision.degraded == nil && ChaosSeen(decision, .user)?.count == 1
        }
      }
      return await group.reduce(true) { $0 && $1 }
    }
  }

  /// Waits until nothing waits to be appended; false when it takes too long.
  func drain(within limit: Duration) async -> Bool {
    let start = ContinuousClock.now
    while .now - start < limit {
      var waiting = 0
      for engine in all { waiting += (try? await engine.store.statistics().backlogCount) ?? 1 }
      if waiting == 0 {
        for engine in all { await engine.store.drain() }
        return true
      }
      try? await Task.sleep(for: .milliseconds(5))
    }
    return false
  }

  /// Events that the instances there are had to give up, and how often they trimmed a log.
  func sums() async throws -> (lostEvents: Int, trims: Int) {
    var sums = (lostEvents: 0, trims: trimsBefore.withLock { $0 })
    for engine in all {
      let statistics = try await engine.store.statistics()
      sums.lostEvents += statistics.lostEvents
      sums.trims += statistics.trims
    }
    return sums
  }

  /// What an instance that knows nothing yet reads of the entities' windows; none where they cannot be read.
  func probe(_ entities: [ChaosEntity], at time: Int64, attempt: UInt64) async throws -> [ChaosEntity:
    Decision]
  {
    let engine = try await connect(.max, patience: 5_000)
    defer { engine.store.close() }
    var probes: [ChaosEntity: Decision] = [:]
    for entity in entities {
      let user = entity.kind == .user ? "" : ",\"user\":\"nobody\""
      let json = """
        {"id":"probe\(attempt)\(entity.name)","type":"probe","time_ms":\(time),\
        "\(entity.kind.field)":"\(entity.name)"\(user)}
        """
      for _ in 0..<20 {
        let decision = try await engine.decide(waitingFor: Array(json.utf8))
        if decision.degraded == nil {
          probes[entity] = decision
          break
        }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
    return probes
  }

  /// One instance, with nothing to append, ends and another takes its place.
  func replaceOne(_ random: inout SeededGenerator) async throws {
    let number = Int.random(in: 0..<all.count, using: &random)
    let fresh = try await connect(number)
    let old = engines.withLock { engines in
      defer { engines[number] = fresh }
      return engines[number]
    }
    let trims = try await old.store.statistics().trims
    trimsBefore.withLock { $0 += trims }
    old.store.close()
  }

  /// Ends all instances.
  func close() {
    for engine in all { engine.store.close() }
  }
}
