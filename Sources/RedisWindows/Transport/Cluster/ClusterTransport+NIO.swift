package import NIOCore

extension ClusterTransport {
  /// The cluster of `connector`'s configuration, on `loop`, where all calls are made.
  package convenience init(connector: RedisConnector, loop: any EventLoop) {
    self.init(seeds: connector.configuration.addresses, clock: NIOLoopClock(loop)) { address in
      RedisNodeTransport(address: address, connector: connector, loop: loop)
    }
  }
}
