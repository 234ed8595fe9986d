package import RedisWindows

/// One process of many that share a simulated Redis: a store's core on its own connection.
package final class SimulatedInstance {
  package let number: Int
  package let core: RedisCore
  package let transport: SimulatedTransport
  /// Whether it was not killed.
  package private(set) var isAlive = true

  /// - Parameter number: differs between all processes that a simulation ever starts.
  package init(
    _ number: Int, redis: SimulatedRedis, network: SimulatedNetwork, clock: SimulatedClock,
    settings: StoreSettings
  ) {
    self.number = number
    transport = SimulatedTransport(
      redis: redis, network: network, clock: clock, shards: settings.isSharded ? 3 : 1)
    core = RedisCore(
      transport: transport, clock: clock, settings: settings, firstNonce: UInt32(number + 1) << 20)
  }

  /// Whether a record bears one of this process' nonces.
  func wrote(_ record: LoggedRecord) -> Bool { Int(record.nonce >> 20) == number + 1 }

  /// Ends the process: what it sent may still be executed, and nothing comes back.
  package func kill() {
    isAlive = false
    transport.vanish()
  }
}
