import NIOCore
import NIOPosix
package import RedisWindows

/// Stands between clients and a server and forwards only so much in a millisecond: a server that is too slow.
package final class SlowProxy: Sendable {
  /// Where clients connect to.
  package let address: RedisAddress
  private let listener: any Channel

  /// Listens in the server's folder. What all clients together send goes on in the order in which it came.
  package static func start(before server: RedisServer, bytesPerMillisecond: Int) async throws -> SlowProxy {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let path = "\(server.folder.path)/slow.sock"
    let target = server.path
    let listener = try await ServerBootstrap(group: loop)
      .childChannelInitializer { client in
        client.eventLoop.makeCompletedFuture {
          let sluice = Sluice(client, bytesPerMillisecond: bytesPerMillisecond)
          try client.pipeline.syncOperations.addHandler(sluice)
          let bound = NIOLoopBound(sluice, eventLoop: loop)
          ClientBootstrap(group: loop)
            .channelInitializer { server in
              server.eventLoop.makeCompletedFuture {
                try server.pipeline.syncOperations.addHandler(Backflow(bound.value.client))
                bound.value.begin(server)
              }
            }
            .connect(unixDomainSocketPath: target)
            .whenFailure { _ in bound.value.client.close(promise: nil) }
        }
      }
      .bind(unixDomainSocketPath: path).get()
    return SlowProxy(address: .unixSocket(path), listener: listener)
  }

  private init(address: RedisAddress, listener: any Channel) {
    self.address = address
    self.listener = listener
  }

  /// Takes no more clients.
  package func stop() async throws { try await listener.close() }
}

/// From the client to the server, a little every millisecond. Used on its loop only.
private final class Sluice: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  let client: any Channel
  private let bytesPerMillisecond: Int
  private var waiting = ByteBuffer()
  private var server: (any Channel)?
  private var ticks: RepeatedTask?

  init(_ client: any Channel, bytesPerMillisecond: Int) {
    (self.client, self.bytesPerMillisecond) = (client, bytesPerMillisecond)
  }

  func begin(_ server: any Channel) {
    self.server = server
    let sluice = NIOLoopBound(self, eventLoop: client.eventLoop)
    ticks = client.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { _ in
      let sluice = sluice.value
      let count = min(sluice.bytesPerMillisecond, sluice.waiting.readableBytes)
      if count > 0, let part = sluice.waiting.readSlice(length: count) {
        sluice.server?.writeAndFlush(part, promise: nil)
      }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    waiting.discardReadBytes()
    waiting.writeBuffer(&bytes)
  }

  func channelInactive(context: ChannelHandlerContext) {
    ticks?.cancel()
    server?.close(promise: nil)
  }
}

/// From the server to the client, at once.
private final class Backflow: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let client: any Channel
  init(_ client: any Channel) { self.client = client }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    client.writeAndFlush(unwrapInboundIn(data), promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }
}
