import CEL
import Events
import RedisTestSupport
import RedisWindows
import TestSupport
import Windows

/// A few processes over one simulated Redis, and events of one player.
final class CoreBench {
  let clock = SimulatedClock()
  let redis: SimulatedRedis
  let network = SimulatedNetwork(seed: 1)
  let plan = WindowStoreContract<SimulatedWindows>.plan
  var settings = StoreSettings(namespace: "s")
  private var made = 0

  init() { redis = SimulatedRedis(clock: clock) }

  func instance() -> SimulatedInstance {
    made += 1
    return SimulatedInstance(made, redis: redis, network: network, clock: clock, settings: settings)
  }

  func event(_ id: String, _ time: Int64) -> WindowEvent {
    var event = WindowEvent(id: id, time: time)
    event.slots[WindowEvent.Fields.amount] = .int(1)
    return event
  }

  func prepared(_ event: WindowEvent) -> Visit { Visit.prepare(event.decoded(featureCount: 4), plan: plan) }

  /// Sends an event and lets time pass until it is answered.
  func send(_ event: WindowEvent, to core: RedisCore) -> Visit? {
    var finished: Visit?
    core.exchange(prepared(event)) { finished = $0 }
    while finished == nil && clock.step() {}
    return finished
  }

  /// The key of the player's log.
  var logKey: [UInt8] {
    let visit = prepared(event("k", 1))
    return Array("s:1:{".utf8) + visit.bytes[visit.appends[0].key] + Array("}".utf8)
  }

  /// The count of all, or what stands in its place.
  func count(_ visit: Visit?) -> Int64? {
    guard let slot = visit?.event.frame.slots[WindowEvent.Fields.features], slot.kind == .int else {
      return nil
    }
    return slot.integer
  }

  func isEvicted(_ visit: Visit?) -> Bool {
    visit?.event.frame.slots[WindowEvent.Fields.features].flags.contains(.evicted) ?? false
  }
}
