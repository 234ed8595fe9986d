import CRedisLoad
import Foundation
import RedisTestSupport
import TestSupport

/// Instructions of the client for one decision: what callgrind counts for more decisions less what it counts for fewer,
/// so that start, warm-up and making the events drop out.
enum InstructionsBenchmark {
  /// The first argument of a process whose instructions are counted.
  static let childArgument = "counted"
  private static let entities = 200
  private static let fewer = 2_000
  private static let more = 6_000
  /// What a decision may take, JSON to JSON; one in twelve above what it was when this was written. How many decisions
  /// share a read of the socket differs from run to run.
  private static let instructionsMax = 60_000.0

  static func run() async throws {
    let server = try await RedisServer.start()
    defer { server.stop() }
    guard try ChildProcess.output(of: ["sh", "-c", "command -v valgrind"], folder: "/").status == 0 else {
      return print("instructions: skipped, there is no valgrind")
    }
    // Debug information makes callgrind slow and big.
    let program = "\(server.folder.path)/counted"
    try FileManager.default.copyItem(
      atPath: FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"), toPath: program)
    _ = try ChildProcess.output(of: ["strip", "-g", program], folder: server.folder.path)
    let own = try perDecision("assay", program, server)
    let plain = try perDecision("plain", program, server)
    print(
      "instructions of the client, 64 in flight: \(text(own, 0)) a decision, JSON to JSON; C client \(text(plain, 0)); "
        + "\(text(own / plain, 2))x")
    guard own <= instructionsMax else {
      throw ServerError("a decision takes more than \(text(instructionsMax, 0)) instructions")
    }
  }

  private static func perDecision(
    _ variant: String, _ program: String, _ server: RedisServer
  ) throws -> Double {
    let counts = try [fewer, more].map { count in
      let output = try ChildProcess.output(
        of: [
          "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1", program,
          childArgument,
          server.path, variant, "\(count)",
        ], folder: server.folder.path)
      guard let line = output.text.split(separator: "\n").last(where: { $0.contains("Collected") }),
        let number = line.split(separator: " ").last.flatMap({ Double($0) })
      else { throw ServerError("callgrind printed no count: \(output.text.suffix(500))") }
      return number
    }
    return (counts[1] - counts[0]) / Double(more - fewer)
  }

  /// A process whose instructions are counted: `PATH assay|plain DECISIONS`.
  static func runChild(_ arguments: [String]) throws {
    guard arguments.count == 3, let count = Int(arguments[2]) else {
      throw ServerError("a counted process needs a path, a variant and a number of decisions")
    }
    let bench = try Bench(path: arguments[0], events: more, entities: entities)
    _ = try bench.decide(arguments[1] == "assay" ? .assay : .plain(ASSAY_LAYOUT_LOG), first: count)
  }
}
