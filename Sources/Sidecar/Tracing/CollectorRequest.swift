internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// One batch of spans on its way to a collector, over a connection of its own.
struct CollectorRequest: Sendable {
  let endpoint: TraceEndpoint
  let body: [UInt8]

  /// Fails where the collector did not say within `timeout` that it took the batch.
  func send(on eventLoop: any EventLoop, timeout: TimeAmount) -> EventLoopFuture<Void> {
    let answer = eventLoop.makePromise(of: Void.self)
    let late = eventLoop.scheduleTask(in: timeout) { answer.fail(ChannelError.connectTimeout(timeout)) }
    ClientBootstrap(group: eventLoop)
      .connectTimeout(timeout)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(Exchanging(self, answer))
        }
      }
      .connect(host: endpoint.host, port: endpoint.port)
      .whenComplete { result in
        switch result {
        case .success(let channel):
          answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
        case .failure(let error): answer.fail(error)
        }
      }
    answer.futureResult.whenComplete { _ in late.cancel() }
    return answer.futureResult
  }

  /// Why a batch was not taken.
  struct Refused: Error {
    let status: UInt
  }

  /// Sends the request and waits for the end of the response; its body is dropped.
  private final class Exchanging: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let request: CollectorRequest
    private let answer: EventLoopPromise<Void>

    init(_ request: CollectorRequest, _ answer: EventLoopPromise<Void>) {
      (self.request, self.answer) = (request, answer)
    }

    func channelActive(context: ChannelHandlerContext) {
      let headers = HTTPHeaders([
        ("host", request.endpoint.authority), ("content-type", "application/json"),
        ("content-length", "\(request.body.count)"), ("user-agent", "assay/\(SidecarVersion.text)"),
        ("connection", "close"),
      ])
      let head = HTTPRequestHead(
        version: .http1_1, method: .POST, uri: request.endpoint.path, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: request.body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .head(let head) = unwrapInboundIn(data) else { return }
      if (200..<300).contains(head.status.code) {
        answer.succeed()
      } else {
        answer.fail(Refused(status: head.status.code))
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      answer.fail(error)
      context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }
  }
}
