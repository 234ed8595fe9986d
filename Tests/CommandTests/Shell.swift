import Foundation
import TestSupport

/// Runs shell lines with the command that was built beside these tests.
enum Shell {
  /// The folder of the running test bundle, which is where `assay` was built.
  static let binaries: URL = {
    let path =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(filePath: path).deletingLastPathComponent()
  }()

  /// What `line` wrote and how it ended; figures that differ from run to run are replaced.
  static func run(_ line: String, environment: [String: String] = [:]) throws -> CommandCase.Outcome {
    let work = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: work) }
    // Files instead of pipes: a command that writes much must not wait for its reader.
    let capture = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: capture, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: capture) }
    let (output, errors) = (capture.appending(path: "stdout"), capture.appending(path: "stderr"))
    try Data().write(to: output)
    try Data().write(to: errors)

    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", line]
    process.currentDirectoryURL = SharedData.projectRoot
    var variables = ProcessInfo.processInfo.environment
    variables["PATH"] = binaries.path + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    variables["WORK"] = work.path
    variables["NO_COLOR"] = nil
    variables["COLUMNS"] = "80"
    variables["LC_ALL"] = "C.UTF-8"
    process.environment = variables.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    func text(_ file: URL) throws -> String {
      normalised(String(decoding: try Data(contentsOf: file), as: UTF8.self), work: work.path)
    }
    // A command that a signal ended must never look like one that ended by itself.
    let exitCode = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return CommandCase.Outcome(output: try text(output), errors: try text(errors), exitCode: exitCode)
  }

  private static func normalised(_ text: String, work: String) -> String {
    text.replacing(work, with: "$WORK")
      .replacing(/in [0-9]+\.[0-9]{2} s, [0-9]+ events\/s/, with: "in <time>, <rate> events/s")
      .replacing(/"seconds":[^,}]+,"events_per_second":[0-9]+/, with: "\"seconds\":0,\"events_per_second\":0")
  }
}
