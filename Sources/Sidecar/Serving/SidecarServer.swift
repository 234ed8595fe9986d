internal import Events
package import Logging
internal import NIOCore
internal import NIOPosix
internal import RedisWindows
package import RuleSets

/// A server that decides events for other processes, from its start to its end.
package final class SidecarServer: Sendable {
  /// Where clients connect: paths, and addresses with the ports that were taken.
  package var addresses: [String] { listeners.map(\.name) }
  private let backend: Backend
  private let listeners: [Listener]
  private let group: MultiThreadedEventLoopGroup
  private let limits: SidecarConfiguration.Limits

  private init(
    _ backend: Backend, _ listeners: [Listener], _ group: MultiThreadedEventLoopGroup,
    _ limits: SidecarConfiguration.Limits
  ) {
    (self.backend, self.listeners, self.group, self.limits) = (backend, listeners, group, limits)
  }

  /// Listens and serves. `rules` are what `folder` has now.
  package static func start(
    _ configuration: SidecarConfiguration, rules: RuleSet, folder: String, logger: Logger
  ) async throws -> SidecarServer {
    if let key = configuration.hashingKey, key.count < SidecarConfiguration.hashingKeyBytesMin {
      throw SidecarError(
        message: "the hashing key has \(key.count) bytes: it could be guessed",
        hint: "write 32 random bytes to its file; \(SidecarConfiguration.hashingKeyBytesMin) are the least")
    }
    if configuration.lacksKey(for: rules) { throw SidecarError.noHashingKey }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: max(configuration.loopCount, 1))
    var listeners: [Listener] = []
    do {
      let backend = try await Backend(
        configuration, rules: rules, folder: folder, group: group, logger: logger)
      for address in configuration.addresses {
        listeners.append(try await Listener(address, configuration, backend, group))
      }
      return SidecarServer(backend, listeners, group, configuration.limits)
    } catch {
      for listener in listeners { await listener.close(until: .now) }
      try? await group.shutdownGracefully()
      throw error
    }
  }

  /// Reads the rules again; broken ones change nothing. Tells what came of it in the log.
  package func reload() async { _ = await backend.reloadRules() }

  /// Stops: takes no more connections, answers what has come, as long as the limits allow.
  package func stop() async {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .milliseconds(limits.drainMilliseconds))
    // From here on nobody finds the sockets; who has connected before is still let in.
    for listener in listeners { listener.hide() }
    await backend.drain()
    try? await Task.sleep(for: .milliseconds(20))
    for listener in listeners { await listener.close(until: end) }
    while clock.now < end, await backend.clientCount() > 0 { try? await Task.sleep(for: .milliseconds(5)) }
    await backend.tracer?.close(within: .milliseconds(500))
    await backend.settle(until: max(end, clock.now + .milliseconds(200)))
    try? await group.shutdownGracefully()
  }
}

extension Backend {
  /// Lets the stores write what they still have, and closes them.
  fileprivate func settle(until end: ContinuousClock.Instant) async {
    for store in stores {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await store.drain() }
        group.addTask { try? await Task.sleep(until: end, clock: .continuous) }
        await group.next()
        store.close()
        group.cancelAll()
      }
    }
  }
}
