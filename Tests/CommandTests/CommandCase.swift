import Foundation
import TestSupport
import Testing

/// One folder of `Fixtures/commands`: a shell line in `cmd`, and the output and the exit code that belong to it.
///
/// The line runs at the top of the repository; `assay` is the command, `$CASE` the case's folder, `$WORK` an empty
/// folder that is removed afterwards. `ASSAY_RECORD=1` writes what was found instead of comparing.
struct CommandCase: CustomTestStringConvertible, Sendable {
  static let folder = "Fixtures/commands"
  static let isRecording = ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1"

  let name: String
  var testDescription: String { name }
  private var path: String { "\(Self.folder)/\(name)" }

  /// What a command did.
  struct Outcome: Equatable {
    var output: String
    var errors: String
    var exitCode: Int32
  }

  /// Every case, by name.
  static let all: [CommandCase] = {
    let root = SharedData.projectRoot.appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().map(CommandCase.init).filter { $0.read("cmd") != nil }
  }()

  /// The outcome that was reviewed.
  var expected: Outcome? {
    guard let output = read("stdout"), let errors = read("stderr"),
      let exitCode = read("exit").flatMap({ Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) })
    else { return nil }
    return Outcome(output: output, errors: errors, exitCode: exitCode)
  }

  /// Runs the case's line.
  func run() throws -> Outcome {
    guard let line = read("cmd") else { throw CocoaError(.fileReadNoSuchFile) }
    return try Shell.run(line, environment: ["CASE": path])
  }

  /// Writes an outcome as the expected one.
  func record(_ outcome: Outcome) throws {
    try Data(outcome.output.utf8).write(to: url("stdout"))
    try Data(outcome.errors.utf8).write(to: url("stderr"))
    try Data("\(outcome.exitCode)\n".utf8).write(to: url("exit"))
  }

  private func url(_ file: String) -> URL { SharedData.projectRoot.appending(path: "\(path)/\(file)") }

  private func read(_ file: String) -> String? {
    (try? Data(contentsOf: url(file))).map { String(decoding: $0, as: UTF8.self) }
  }
}
