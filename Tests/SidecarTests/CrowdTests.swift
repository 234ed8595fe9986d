import Foundation
import Glibc
import Testing

/// Very many connections that have nothing to say.
@Suite struct CrowdTests {
  private static let count = 10_000
  /// What a connection may cost the server; bytes.
  private static let bytesEachMax = 24_000

  /// Whether this process may have as many descriptors; makes it so. A process that it starts may have them too.
  private static let hasDescriptors: Bool = {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
    limit.rlim_cur = limit.rlim_max
    return limit.rlim_max >= UInt(count + 500)
      && setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  }()

  /// Some say nothing, some half a request, some nothing after one. Others are answered in time, memory is bounded, and
  /// those who never said anything whole are sent away.
  @Test(
    .enabled(if: hasDescriptors, "10,500 open files are needed; `ulimit -Hn` says fewer"),
    .enabled(if: ServedProcess.canBeServed, "there is no `assay` beside the tests"))
  func tenThousandThatSayNothing() async throws {
    let sidecar = try await ServedProcess()
    let other = try sidecar.connect()
    let memory = sidecar.residentBytes
    let descriptors = sidecar.descriptorCount
    try await apart {
      var crowd = try (0..<Self.count).map { _ in try sidecar.connect() }
      for (number, connection) in crowd.enumerated() {
        if number % 4 == 1 { #expect(connection.send("POST /v1/decisions HTTP/1.1\r\nhost: s\r\ncont")) }
        if number % 4 == 2 { #expect(connection.send("{\"id\":\"half")) }
      }
      #expect(try Self.slowestAnswer(other, "crowd") < .seconds(1))
      let each = (sidecar.residentBytes - memory) / Self.count
      print("\(Self.count) connections take \(each) bytes each, and \(sidecar.descriptorCount) descriptors")
      #expect(each < Self.bytesEachMax)
      #expect(sidecar.descriptorCount >= descriptors + Self.count)
      // Those who began an event are idle and may stay; the others had five seconds.
      for (number, connection) in crowd.enumerated() where number % 4 != 2 {
        let bytes = connection.readAll()
        #expect(number % 4 == 1 ? bytes.starts(with: "HTTP/1.1 408 ".utf8) : bytes.isEmpty)
      }
      #expect(try Self.slowestAnswer(other, "fewer") < .seconds(1))
      crowd.removeAll()
      for _ in 0..<500 where sidecar.descriptorCount > descriptors { usleep(10_000) }
      #expect(sidecar.descriptorCount <= descriptors)
      // What comes after finds the memory that those before it had.
      crowd = try (0..<Self.count).map { _ in try sidecar.connect() }
      #expect(try Self.slowestAnswer(other, "again") < .seconds(1))
      #expect((sidecar.residentBytes - memory) / Self.count < Self.bytesEachMax)
    }
    #expect(sidecar.stop() == 0)
  }

  /// The longest time that one of many events took.
  private static func slowestAnswer(_ connection: Connection, _ name: String) throws -> Duration {
    var slowest = Duration.zero
    for number in 0..<200 {
      let start = ContinuousClock.now
      connection.send(
        SidecarBench.request(
          #"{"id":"\#(name)-\#(number)","type":"payout.requested","time":"2026-01-05T12:00:00Z","user":{"id":"u"}}"#
        ))
      #expect(connection.response()?.status == 200)
      slowest = max(slowest, ContinuousClock.now - start)
    }
    return slowest
  }
}
