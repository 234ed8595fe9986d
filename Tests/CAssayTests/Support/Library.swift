import Foundation
import RedisTestSupport
import TestSupport

/// `libassay.so` as `make library` makes it, and programs that use it.
enum Library {
  /// The folder with the library and its header, made once for all tests, among what the build leaves behind; nil where
  /// it could not be made.
  static let prefix: String? = {
    let folder = built + "/CAssay.product/library"
    do {
      try run(".ci/library '\(folder)' '\(built)'")
      return folder
    } catch {
      print("\(error)")
      return nil
    }
  }()

  /// Where the programs of these tests are put.
  static let programs: String? = prefix.map { $0 + "/bin" }

  /// Whether these tests run beside the objects of a build that the library is linked from.
  static let canBeMade: Bool =
    FileManager.default.fileExists(atPath: built + "/CAssay.product/Objects.LinkFileList")

  /// The folder of the running test bundle.
  private static let built: String = {
    let path =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(filePath: path).deletingLastPathComponent().path
  }()

  /// Whether this system has a program.
  static func has(_ program: String) -> Bool { (try? run("command -v \(program)")) != nil }

  /// What a line of the shell prints, run in the project's folder; throws when it fails.
  @discardableResult
  static func run(_ line: String, environment: [String: String] = [:]) throws -> String {
    let variables = environment.merging([
      "PATH": built + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
    ]) {
      mine, _ in mine
    }
    let result = try ChildProcess.output(
      of: ["sh", "-c", "{ \(line)\n} 2>&1"], folder: SharedData.projectRoot.path, environment: variables)
    guard result.status == 0 else { throw Failure(line: line, status: result.status, text: result.text) }
    return result.text
  }

  /// The path of a program in C that was compiled against the library.
  static func compile(_ source: String, options: String = "-std=c11 -Wall -Wextra -Wpedantic -Werror") throws
    -> String
  {
    guard let prefix, let programs else {
      throw Failure(line: source, status: 1, text: "there is no library")
    }
    let name = URL(filePath: source).deletingPathExtension().lastPathComponent
    try FileManager.default.createDirectory(atPath: programs, withIntermediateDirectories: true)
    let program = "\(programs)/\(name)"
    try run(
      "cc \(options) '\(source)' -o '\(program)' -I'\(prefix)/include' -L'\(prefix)/lib' -lassay "
        + "-Wl,-rpath,'\(prefix)/lib' -lpthread")
    return program
  }

  /// A line that failed.
  struct Failure: Error, CustomStringConvertible {
    let line: String
    let status: Int32
    let text: String
    var description: String { "`\(line)` ended with \(status):\n\(text)" }
  }
}
