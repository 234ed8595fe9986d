import Foundation
import Glibc
import RedisTestSupport
import TestSupport

/// A sidecar as users run it: `assay serve` in a process of its own, with memory and descriptors of its own.
final class ServedProcess: Sendable {
  let path: String
  let id: Int32
  private let process: ChildProcess

  /// Whether the command stands beside these tests.
  static var canBeServed: Bool { FileManager.default.isExecutableFile(atPath: program) }

  private static let program: String = {
    let path = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: path).deletingLastPathComponent().appending(path: "assay").path
  }()

  /// Starts it and waits until it answers.
  init(_ options: [String] = []) async throws {
    path = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString.prefix(8))").path
    process = try ChildProcess.start(
      [Self.program, "serve", "Rules/rewards", "--socket", path] + options,
      folder: SharedData.projectRoot.path)
    id = process.id
    for _ in 0..<1_000 {
      if let connection = try? connect() {
        connection.send("GET /livez HTTP/1.1\r\nhost: s\r\n\r\n")
        if connection.response()?.status == 200 { return }
      }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw ServerError("`assay serve` does not answer")
  }

  func connect() throws -> Connection { try Connection(to: path) }

  /// Tells it to stop; the exit code.
  func stop() -> Int32 {
    kill(id, SIGTERM)
    return process.wait()
  }

  /// What it has in memory now; bytes.
  var residentBytes: Int {
    let text = (try? String(contentsOfFile: "/proc/\(id)/statm", encoding: .utf8)) ?? ""
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return pages * Int(getpagesize())
  }

  /// How many descriptors it has open.
  var descriptorCount: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/fd").count) ?? 0
  }
}
