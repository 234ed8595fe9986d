package import RedisWindows
import TestSupport
package import Windows

/// The store in a simulated Redis as a `WindowStore`: each call lets the virtual time pass until it is finished. Each
/// event is taken by another of several instances.
package final class SimulatedWindows: WindowStore {
  /// One process that talks to the simulated Redis.
  private final class Parts {
    let clock = SimulatedClock()
    let redis: SimulatedRedis
    var instances: [SimulatedInstance] = []
    var random: SeededGenerator
    var turn = 0

    init(seed: UInt64) {
      redis = SimulatedRedis(clock: clock)
      random = SeededGenerator(seed: seed)
    }
  }

  private let parts: Guarded<Parts>

  /// - Parameter adjust: changes the settings that all instances are made with.
  package init(
    seed: UInt64, instances: Int = 1, weather: SimulatedNetwork.Weather = SimulatedNetwork.Weather(),
    adjust: (inout StoreSettings) -> Void = { _ in }
  ) {
    let parts = Parts(seed: seed)
    var settings = StoreSettings(namespace: "s")
    adjust(&settings)
    for number in 0..<instances {
      let network = SimulatedNetwork(weather: weather, seed: parts.random.next())
      parts.instances.append(
        SimulatedInstance(
          number, redis: parts.redis, network: network, clock: parts.clock, settings: settings))
    }
    self.parts = Guarded(parts)
  }

  /// What each instance did.
  package var reports: [RedisStatistics] { parts.withLock { $0.instances.map(\.core.report) } }

  package func exchange(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void)
    -> Visit?
  {
    call(visit) { $0.core.exchange($1, finish: $2) }
  }

  package func exclude(_ visit: consuming Visit, resume: @escaping @Sendable (consuming Visit) -> Void)
    -> Visit?
  {
    call(visit) { $0.core.exclude($1, finish: $2) }
  }

  package func remember(_ visit: borrowing Visit, decision: [UInt8]) {
    let visit = copy visit
    parts.withLock { parts in
      next(parts).core.remember(visit, decision: decision)
      while parts.clock.step() {}
    }
  }

  private func call(
    _ visit: consuming Visit,
    _ body: (SimulatedInstance, consuming Visit, @escaping (consuming Visit) -> Void) -> Void
  ) -> Visit? {
    let visit = visit
    return parts.withLock { parts in
      var finished: Visit?
      body(next(parts), visit) { finished = $0 }
      while parts.clock.step() {}
      return finished
    }
  }

  private func next(_ parts: Parts) -> SimulatedInstance {
    parts.instances[Int.random(in: parts.instances.indices, using: &parts.random)]
  }
}
