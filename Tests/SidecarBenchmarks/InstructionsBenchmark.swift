import CSocketLoad
import Foundation
import RedisTestSupport
import TestSupport
import SocketLoad

/// Instructions of the sidecar for one request: what callgrind counts for more requests less what it counts for fewer,
/// so that starting and stopping drop out. The load is made by another process, which is not counted.
enum InstructionsBenchmark {
  /// The first argument of the process that is counted, and of the one that loads it.
  static let serverArgument = "counted"
  static let loadArgument = "load"
  private static let fewer = 2_000
  private static let more = 6_000

  /// What was measured (55,900 and 108,600 with callgrind of valgrind 3.19), and a sixth more.
  private static let bounds = [("lines", 65_000.0), ("HTTP", 127_000.0)]

  static func run() async throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind") else {
      return print("instructions: skipped, there is no valgrind")
    }
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "counted-\(UUID().uuidString.prefix(8))"
    ).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Debug information makes callgrind slow and big.
    let program = "\(folder)/counted"
    try FileManager.default.copyItem(
      atPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), toPath: program)
    _ = try ChildProcess.output(of: ["strip", "-g", program], folder: folder)
    print("instructions of the sidecar a request, one in flight, event to decision:")
    for (way, most) in bounds {
      let counts = try [fewer, more].map { try count(program, way, $0, folder) }
      let found = (counts[1] - counts[0]) / Double(more - fewer)
      print("  \(way): \(text(found, 0)), at most \(text(most, 0))")
      guard found <= most else { throw LoadError.broken("\(way) take more instructions than they did") }
    }
  }

  private static func count(_ program: String, _ way: String, _ requests: Int, _ folder: String) throws
    -> Double
  {
    let output = try ChildProcess.output(
      of: [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1", program,
        serverArgument, way,
        "\(requests)",
      ], folder: folder)
    guard let line = output.text.split(separator: "\n").last(where: { $0.contains("Collected") }),
      let number = line.split(separator: " ").last.flatMap({ Double($0) })
    else { throw LoadError.broken("callgrind printed no count: \(output.text.suffix(500))") }
    return number
  }

  /// A sidecar whose instructions are counted: `lines|HTTP REQUESTS`.
  static func runServer(_ arguments: [String]) async throws {
    let bench = try await LoadBench()
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let output = try ChildProcess.output(of: [program, loadArgument, bench.path] + arguments, folder: "/")
    await bench.stop()
    guard output.status == 0 else { throw LoadError.broken(output.text) }
  }

  /// The process that loads it: `PATH lines|HTTP REQUESTS`.
  static func runLoad(_ arguments: [String]) throws {
    guard arguments.count == 3, let count = Int(arguments[2]) else { throw LoadError.broken("arguments") }
    _ = try LoadBench.requests(0..<count, arguments[1] == "HTTP" ? SOCKET_HTTP : SOCKET_LINES).ping(
      arguments[0])
  }
}
