import Foundation
import RuleSets

/// A folder of this run alone for files that another process reads and writes.
struct Scratch {
  let path: String

  init() throws(Stop) {
    path = FileManager.default.temporaryDirectory.appending(path: "assay-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw Stop(.input, "`\(path)` cannot be created", hint: "`TMPDIR` names the folder for temporary files")
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Runs `git`. It answers into files: pipes would have to be read while it writes.
struct Git {
  let scratch: Scratch

  /// What came of one call.
  struct Answer {
    let isFine: Bool
    let output: Data
    let errors: String

    /// The output without the end of its last line.
    var text: String {
      var text = String(decoding: output, as: UTF8.self)
      if text.hasSuffix("\n") { text.removeLast() }
      return text
    }
  }

  /// What tells `git` of another repository than the one of the folder, as in hooks.
  private static let misleading = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
    "GIT_NAMESPACE", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  ]

  /// Bytes of an answer; what a rule set may have, and what Git tells beside it.
  private static let outputBytesMax = 2 * RuleSetLimits.bytesMax

  /// Runs `git ARGUMENTS` in `folder`.
  func run(_ arguments: [String], in folder: String, input: Data = Data()) throws(Stop) -> Answer {
    let files = ["input", "output", "errors"].map { URL(filePath: scratch.path).appending(path: $0) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(filePath: folder)
    var variables = ProcessInfo.processInfo.environment
    for name in Self.misleading { variables[name] = nil }
    variables["LC_ALL"] = "C"
    // A path is a path, whatever stands in it.
    variables["GIT_LITERAL_PATHSPECS"] = "1"
    process.environment = variables
    do {
      for (file, content) in zip(files, [input, Data(), Data()]) { try content.write(to: file) }
      process.standardInput = try FileHandle(forReadingFrom: files[0])
      process.standardOutput = try FileHandle(forWritingTo: files[1])
      process.standardError = try FileHandle(forWritingTo: files[2])
      try process.run()
      process.waitUntilExit()
      let errors = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
      let isMissing = process.terminationStatus == 127
      if isMissing { throw Stop(.input, "`--base` needs `git`, which is not to be found", hint: Self.hint) }
      let size = try files[1].resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
      guard size <= Self.outputBytesMax else {
        throw Stop(.input, "`git \(arguments.first ?? "")` answers with \(size) bytes", hint: Self.hint)
      }
      return Answer(
        isFine: process.terminationReason == .exit && process.terminationStatus == 0,
        output: try Data(contentsOf: files[1]), errors: errors)
    } catch let stop as Stop {
      throw stop
    } catch {
      throw Stop(.input, "`git` cannot be run in `\(folder)`", hint: Self.hint)
    }
  }

  private static let hint = "give the other rule set as a folder instead"
}
