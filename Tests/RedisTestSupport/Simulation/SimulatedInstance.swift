package import RedisWindows

/// One process of many that share a simulated Redis: a store's core on its own connection.
package final class SimulatedInstance {
  package let core: RedisCore
  package let transport: SimulatedTransport
  /// Whether it was not killed.
  package var isAlive = true

  /// - Parameter number: differs between all processes that a simulation ever starts.
  package init(
    _ number: Int, redis: SimulatedRedis, network: SimulatedNetwork, clock: SimulatedClock,
    settings: StoreSettings
  ) {
    transport = SimulatedTransport(redis: redis, network: network, clock: clock)
    core = RedisCore(
      transport: transport, clock: clock, settings: settings, firstNonce: UInt32(number + 1) << 20)
  }
}
