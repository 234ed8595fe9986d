import NIOCore
import NIOPosix
package import RedisWindows
import TestSupport
import Windows

/// Stands between a client and a server, and stops forwarding when it is told to.
package final class ChaosProxy: Sendable {
  /// What becomes of bytes.
  package enum Mode: String, Sendable, CaseIterable {
    /// They are forwarded.
    case open
    /// They wait until the way is open again.
    case stalled
    /// What clients send is swallowed; what servers send is. Where bytes were swallowed nothing is ever forwarded again.
    case deaf
    case mute
  }

  /// Where clients connect to.
  package let address: RedisAddress
  private let listener: any Channel
  private let links: NIOLoopBound<ProxyLinks>

  /// Listens in the server's folder.
  package static func start(before server: RedisServer, number: Int) async throws -> ChaosProxy {
    let (bootstrap, links) = try await bootstrap(before: server)
    let path = "\(server.folder.path)/proxy\(number).sock"
    let listener = try await bootstrap.bind(unixDomainSocketPath: path).get()
    return ChaosProxy(address: .unixSocket(path), listener: listener, links: links)
  }

  /// Listens on a port of the loopback.
  package static func startOnPort(before server: RedisServer) async throws -> ChaosProxy {
    let (bootstrap, links) = try await bootstrap(before: server)
    let listener = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    guard let port = listener.localAddress?.port else { throw ServerError("a proxy listens on no port") }
    return ChaosProxy(address: .host("127.0.0.1", port: port), listener: listener, links: links)
  }

  private static func bootstrap(
    before server: RedisServer
  ) async throws -> (ServerBootstrap, NIOLoopBound<ProxyLinks>) {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let links = try await loop.submit { NIOLoopBound(ProxyLinks(), eventLoop: loop) }.get()
    let target = server.path
    let bootstrap = ServerBootstrap(group: loop)
      .childChannelInitializer { client in
        client.eventLoop.makeCompletedFuture {
          let link = ProxyLink(client: client, links: links.value)
          try client.pipeline.syncOperations.addHandler(ProxyEnd(link, isClient: true))
          let bound = NIOLoopBound(link, eventLoop: loop)
          ClientBootstrap(group: loop)
            .channelInitializer { server in
              server.eventLoop.makeCompletedFuture {
                try server.pipeline.syncOperations.addHandler(ProxyEnd(bound.value, isClient: false))
              }
            }
            .connect(unixDomainSocketPath: target)
            .whenComplete { bound.value.connected($0) }
        }
      }
    return (bootstrap, links)
  }

  private init(address: RedisAddress, listener: any Channel, links: NIOLoopBound<ProxyLinks>) {
    self.address = address
    self.listener = listener
    self.links = links
  }

  /// The port that it listens on, if it does on one.
  package var port: Int? { listener.localAddress?.port }

  /// Changes what becomes of bytes, of connections there are and of later ones.
  package func set(_ mode: Mode) async throws {
    try await listener.eventLoop.submit { [links] in links.value.set(mode) }.get()
  }

  /// Closes everything.
  package func stop() async {
    try? await listener.close()
    _ = try? await listener.eventLoop.submit { [links] in links.value.closeAll() }.get()
  }
}

extension ChaosFault {
  /// Deals connections through some of `proxies` one of the blows that leave them half open, and undoes it.
  func strike(_ proxies: [ChaosProxy], _ random: inout SeededGenerator) async throws {
    let length = Duration.milliseconds(Int.random(in: 60...900, using: &random))
    let mode: ChaosProxy.Mode = self == .stalled ? .stalled : self == .deaf ? .deaf : .mute
    var victims = proxies.filter { _ in Bool.random(using: &random) }
    if victims.isEmpty { victims = Array(proxies.prefix(1)) }
    for proxy in victims { try await proxy.set(mode) }
    // Long enough for a client to find out by itself that nobody answers.
    try await Task.sleep(for: self == .stalled ? length : length + .milliseconds(500))
    for proxy in victims { try await proxy.set(.open) }
  }
}

/// The connections through a proxy; lives on its loop.
private final class ProxyLinks {
  private(set) var mode = ChaosProxy.Mode.open
  private var links: [ObjectIdentifier: ProxyLink] = [:]

  func add(_ link: ProxyLink) { links[ObjectIdentifier(link)] = link }
  func remove(_ link: ProxyLink) { links[ObjectIdentifier(link)] = nil }

  func set(_ mode: ChaosProxy.Mode) {
    self.mode = mode
    if mode == .open { for link in links.values { link.release() } }
  }

  func closeAll() { for link in links.values { link.close() } }
}

/// One client's connection and the one made for it.
private final class ProxyLink {
  private let client: any Channel
  private var server: (any Channel)?
  private unowned let links: ProxyLinks
  private var isClosed = false
  /// What waits for the server, and for the client.
  private var toServer = ByteBuffer()
  private var toClient = ByteBuffer()
  private var isDeaf = false
  private var isMute = false
  /// A replica that follows its primary: it begins with a `PING`, as no client here does. Its link is left alone, since
  /// servers take a minute to find out that such a link is half open.
  private var isReplica: Bool?

  init(client: any Channel, links: ProxyLinks) {
    self.client = client
    self.links = links
    links.add(self)
  }

  func connected(_ result: Result<any Channel, any Error>) {
    guard case .success(let server) = result, !isClosed else {
      if case .success(let server) = result { server.close(promise: nil) }
      return close()
    }
    self.server = server
    if links.mode == .open || isReplica == true { release() }
  }

  func received(_ bytes: ByteBuffer, fromClient: Bool) {
    if isReplica == nil && fromClient {
      isReplica = bytes.readableBytesView.starts(with: "*1\r\n$4\r\nPING\r\n".utf8)
    }
    if isReplica == true { return forward(bytes, fromClient, isHeld: false) }
    if links.mode == .deaf && fromClient { isDeaf = true }
    if links.mode == .mute && !fromClient { isMute = true }
    if fromClient ? isDeaf : isMute { return }
    forward(bytes, fromClient, isHeld: links.mode == .stalled)
  }

  private func forward(_ bytes: ByteBuffer, _ fromClient: Bool, isHeld: Bool) {
    if fromClient { toServer.writeImmutableBuffer(bytes) } else { toClient.writeImmutableBuffer(bytes) }
    if !isHeld { release() }
  }

  /// Sends on what waits.
  func release() {
    if let server, toServer.readableBytes > 0 {
      server.writeAndFlush(toServer, promise: nil)
      toServer = ByteBuffer()
    }
    if toClient.readableBytes > 0 {
      client.writeAndFlush(toClient, promise: nil)
      toClient = ByteBuffer()
    }
  }

  func close() {
    if isClosed { return }
    isClosed = true
    links.remove(self)
    client.close(promise: nil)
    server?.close(promise: nil)
  }
}

/// One end of a link.
private final class ProxyEnd: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let link: ProxyLink
  private let isClient: Bool

  init(_ link: ProxyLink, isClient: Bool) {
    self.link = link
    self.isClient = isClient
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    link.received(unwrapInboundIn(data), fromClient: isClient)
  }

  func channelInactive(context: ChannelHandlerContext) { link.close() }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { link.close() }
}
