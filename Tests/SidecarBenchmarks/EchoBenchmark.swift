import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import RedisTestSupport
import Sidecar
import SocketLoad
import TestSupport

/// `wrk` on the sidecar and on a bare SwiftNIO server that answers what it gets: what HTTP costs here before any work
/// is done.
enum EchoBenchmark {
  private static let program = "/usr/bin/wrk"
  private static let rounds = 3

  /// What `wrk` found in one round.
  private struct Found {
    var perSecond: Double
    var half: String
    var tail: String
  }

  static func run() async throws {
    guard FileManager.default.isExecutableFile(atPath: program) else {
      return print("wrk beside a bare echo: skipped, there is no wrk (`make bench-sidecar` installs it)")
    }
    var echoes: [Found] = []
    var sidecars: [Found] = []
    for _ in 0..<rounds {
      echoes.append(try await echo())
      sidecars.append(try await sidecar())
    }
    let share = median(zip(sidecars, echoes).map { $0.perSecond / $1.perSecond })
    print("wrk over TCP, 64 connections kept, medians of \(rounds) rounds in turn:")
    for (name, found) in [
      ("a bare SwiftNIO echo of the same bytes", echoes), ("the sidecar, decisions", sidecars),
    ] {
      let middle = found.sorted { $0.perSecond < $1.perSecond }[found.count / 2]
      print("  \(name): \(text(middle.perSecond, 0)) a second, p50 \(middle.half), p99 \(middle.tail)")
    }
    print("  the sidecar answers \(text(share, 2)) of what the echo does")
  }

  private static func echo() async throws -> Found {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
          try channel.pipeline.syncOperations.addHandler(EchoHandler())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let found = try load("127.0.0.1:\(channel.localAddress?.port ?? 0)")
    try await channel.close()
    try await group.shutdownGracefully()
    return found
  }

  private static func sidecar() async throws -> Found {
    let bench = try await LoadBench { $0.addresses.append(.host("127.0.0.1", port: 0)) }
    guard let address = bench.server.addresses.first(where: { $0.hasPrefix("127.0.0.1:") }) else {
      throw LoadError.broken("no address")
    }
    let found = try load(address)
    await bench.stop()
    return found
  }

  /// Each request is an event that was never sent before.
  private static let script = """
    local number = 0
    local headers = {["content-type"] = "application/json"}
    request = function()
      number = number + 1
      local event = string.format(
        '{"transaction_id":%d,"ts_ms":%.0f,"customer_id":"%d","terminal_id":"%d","amount":%d.25,"fraud":0}',
        number, 1600000000000 + number, number % 5000, number % 10000, number % 200)
      return wrk.format("POST", "/v1/decisions", headers, event)
    end
    """

  private static func load(_ address: String) throws -> Found {
    let file = FileManager.default.temporaryDirectory.appending(path: "wrk-\(UUID().uuidString).lua").path
    try script.write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let output = try ChildProcess.output(
      of: ["taskset", "1", program, "-t1", "-c64", "-d3s", "--latency", "-s", file, "http://\(address)/"],
      folder: "/")
    let words = output.text.split(separator: "\n").map { $0.split(separator: " ") }
    func value(_ name: String) -> String {
      words.first { $0.first == name[...] }.map { String($0[1]) } ?? "?"
    }
    guard output.status == 0, !output.text.contains("Non-2xx"), let perSecond = Double(value("Requests/sec:"))
    else { throw LoadError.broken(output.text) }
    return Found(perSecond: perSecond, half: value("50%"), tail: value("99%"))
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
