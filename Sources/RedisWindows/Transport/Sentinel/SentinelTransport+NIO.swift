package import NIOCore

extension SentinelTransport {
  /// The primary that the sentinels of `connector`'s configuration know as `name`, on `loop`, where all calls are made.
  package convenience init(name: String, connector: RedisConnector, loop: any EventLoop) {
    self.init(name: name, sentinels: connector.configuration.addresses, clock: NIOLoopClock(loop)) {
      address in
      RedisNodeTransport(address: address, connector: connector.forSentinels, loop: loop)
    } makeServer: { address in
      RedisNodeTransport(address: address, connector: connector, loop: loop)
    }
  }
}
