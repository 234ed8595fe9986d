import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RedisTestSupport

/// `wrk` on a bare SwiftNIO server that answers what it gets: what HTTP costs here before any work is done.
enum EchoBenchmark {
  static func run() async throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/wrk") else {
      return print("wrk on a bare echo: skipped, there is no wrk (Debian's package `wrk`)")
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(EchoHandler())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    let script = FileManager.default.temporaryDirectory.appending(path: "post-\(port).lua").path
    let body = String(repeating: "x", count: 170)
    try "wrk.method = \"POST\"\nwrk.body = \"\(body)\"\n".write(
      toFile: script, atomically: true, encoding: .utf8)
    let found = try ChildProcess.output(
      of: [
        "taskset", "1", "wrk", "-t1", "-c64", "-d5s", "--latency", "-s", script, "http://127.0.0.1:\(port)/",
      ],
      folder: "/")
    try FileManager.default.removeItem(atPath: script)
    try await channel.close()
    try await group.shutdownGracefully()
    let lines = found.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let figures = lines.filter { $0.hasPrefix("Requests/sec") || $0.hasPrefix("50%") || $0.hasPrefix("99%") }
    print("wrk, 64 connections, on a bare SwiftNIO echo over TCP: \(figures.joined(separator: ", "))")
  }
}

/// Answers each request with its body.
private final class EchoHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private var body = ByteBuffer()

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head: body.clear()
    case .body(var part): body.writeBuffer(&part)
    case .end:
      let headers: HTTPHeaders = ["content-length": "\(body.readableBytes)"]
      let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}
