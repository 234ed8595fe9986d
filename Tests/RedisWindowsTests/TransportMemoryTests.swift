import Foundation
import NIOCore
import RedisWindows
import Testing

/// What hostile peers cost in memory.
struct TransportMemoryTests {
  private static let growthMax = 16 << 20

  /// Measured in a process of its own, where no other test allocates meanwhile.
  @Test func hostilePeersCostLessThan16MiB() async {
    await #expect(processExitsWith: .success) {
      let pieces: [(String, ByteBuffer)] = [
        ("replies nobody asked for", Self.piece("+OK\r\n")),
        ("one line", Self.piece("aaaaaaaa")),
        ("one length", Self.piece("$1111111")),
        ("an array of nulls", Self.piece("$-1\r\n", after: "*65536\r\n")),
        ("an array of arrays", Self.piece("*64000\r\n")),
        ("a string of the largest size", Self.piece("abcdefgh", after: "$4194304\r\n")),
        ("an array of strings", Self.piece("$4\r\nabcd\r\n", after: "*60000\r\n")),
        ("a string of any size", Self.piece("abcdefgh", after: "$9223372036854775807\r\n")),
        ("an array of any size", Self.piece("$1\r\na\r\n", after: "*2147483647\r\n")),
        ("an error without an end", Self.piece("eeeeeeee", after: "-")),
      ]
      // Takes up what every connection needs.
      try await Self.flood(Self.piece("+OK\r\n"))
      for (name, piece) in pieces {
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = try Self.memory("VmRSS")
        try await Self.flood(piece)
        let growth = try Self.memory("VmHWM") - before
        #expect(growth < Self.growthMax, "\(name) cost \(growth) bytes")
      }
    }
  }

  /// 256 KiB of `text`, with `beginning` before each.
  private static func piece(_ text: String, after beginning: String = "") -> ByteBuffer {
    ByteBuffer(string: beginning + String(repeating: text, count: (256 << 10) / text.utf8.count))
  }

  /// Lets a peer answer commands with `piece` for ever, through three connections.
  private static func flood(_ piece: ByteBuffer) async throws {
    let peer = try await ScriptedPeer.start { client, _ in client.flood(piece) }
    let transport = try await TransportHarness(peer.address)
    let end = ContinuousClock.now + .seconds(5)
    while peer.counts.clients < 3 && ContinuousClock.now < end {
      _ = await transport.send(["GET", "a"], within: 50)
    }
    await transport.close()
    await peer.close()
  }

  private static func memory(_ name: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
    return try #require(Int(line.filter(\.isNumber))) << 10
  }
}
