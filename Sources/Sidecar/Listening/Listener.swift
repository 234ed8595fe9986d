internal import Glibc
internal import NIOCore
internal import NIOPosix

/// One socket that takes connections.
final class Listener: Sendable {
  private static let backlog: CInt = 4_096

  /// A path, or an address with its port.
  let name: String
  private let channel: any Channel
  private let socket: UnixSocket?

  /// Listens at `address`; each connection belongs to one of the backend's loops.
  init(
    _ address: SidecarConfiguration.Address, _ configuration: SidecarConfiguration, _ backend: Backend,
    _ group: MultiThreadedEventLoopGroup
  ) async throws {
    let gate = PeerGate(
      users: configuration.access.users,
      connectionsMax: max(configuration.limits.connectionsMax / backend.loops.count, 1))
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Self.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer { channel in Self.admit(channel, gate, backend) }
    switch address {
    case .unixSocket(let path):
      let socket = try UnixSocket(binding: path, access: configuration.access)
      self.socket = socket
      name = path
      channel = try await Self.listen(socket.descriptor, bootstrap)
    case .inherited(let descriptor):
      socket = nil
      name = "descriptor \(descriptor)"
      channel = try await Self.listen(descriptor, bootstrap)
    case .host(let host, let port):
      socket = nil
      do {
        channel = try await bootstrap.bind(host: host, port: port).get()
      } catch {
        throw SidecarError(
          message: "listening at `\(host):\(port)`: \(error)", hint: "see that nothing else listens there")
      }
      let shown = host.contains(":") ? "[\(host)]" : host
      name = "\(shown):\(channel.localAddress?.port ?? port)"
    }
  }

  private static func listen(_ descriptor: CInt, _ bootstrap: ServerBootstrap) async throws -> any Channel {
    guard Glibc.listen(descriptor, backlog) == 0 else {
      let failure = errno
      Glibc.close(descriptor)
      throw SidecarError.failed("listening", failure)
    }
    return try await bootstrap.withBoundSocket(descriptor).get()
  }

  private static func admit(
    _ channel: any Channel, _ gate: PeerGate, _ backend: Backend
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.makeCompletedFuture {
      guard let loop = backend.loop(of: channel), gate.admits(channel, count: loop.clientCount) else {
        throw ChannelError.operationUnsupported
      }
      let sniffer = ProtocolSniffer(loop, Pages(server: backend))
      try channel.pipeline.syncOperations.addHandler(sniffer)
    }
  }

  /// Nobody finds a Unix socket from here on.
  func hide() { socket?.unlink() }

  /// Takes no more connections. Whoever had connected to a Unix socket before it was hidden is let in: closing would
  /// reset them.
  func close(until end: ContinuousClock.Instant) async {
    hide()
    if let socket {
      while socket.hasWaiting, ContinuousClock.now < end { try? await Task.sleep(for: .milliseconds(2)) }
    }
    try? await channel.close()
  }
}
