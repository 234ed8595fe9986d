import CEL
import Foundation
import RuleSets
import Testing

/// Each folder of `Fixtures/diagnostics` is laid over `_rest`, a small rule set that is fine, loaded, and what is found
/// compared with `expected.txt`. `ASSAY_RECORD=1` writes the expected texts anew.
@Suite struct DiagnosticGoldenTests {
  @Test(arguments: GoldenCase.all) func findingsReadAsExpected(_ golden: GoldenCase) throws {
    let text = try golden.text()
    if GoldenCase.isRecording {
      try FileManager.default.createDirectory(at: golden.folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: golden.expected)
    }
    let expected = try String(contentsOf: golden.expected, encoding: .utf8)
    #expect(text == expected)
  }

  @Test func theRestIsFine() throws {
    let loaded = RuleSetLoader.load(folder: GoldenCase.rest.path)
    #expect(loaded.rendered() == "")
    #expect(loaded.ruleSet?.rules.count == 1)
  }

  /// A code that no case shows is one whose message nobody has read.
  @Test(.enabled(if: !GoldenCase.isRecording, "texts are being recorded")) func everyCodeIsShown() throws {
    var shown: Set<String> = []
    for golden in GoldenCase.all {
      let text = try String(contentsOf: golden.expected, encoding: .utf8)
      for line in text.split(separator: "\n") {
        guard line.hasPrefix("error[") || line.hasPrefix("warning["), let start = line.firstIndex(of: "["),
          let end = line.firstIndex(of: "]")
        else { continue }
        shown.insert(String(line[line.index(after: start)..<end]))
      }
    }
    let codes =
      RuleSetCode.allCases.map(\.rawValue) + ExpressionDiagnostic.Code.allCases.map(\.rawValue)
    let untestable: Set = [
      // Needs a folder that the user who runs the tests cannot read; the superuser reads all.
      RuleSetCode.folderUnreadable.rawValue,
      // With the default limits the source is too long before its nodes are too many.
      ExpressionDiagnostic.Code.tooManyNodes.rawValue,
      // Every rule set is loaded with regular expressions; `CELTests` shows it.
      ExpressionDiagnostic.Code.noRegularExpressions.rawValue,
      // Rule sets have every extension; `CELTests` shows it.
      ExpressionDiagnostic.Code.optionalSyntax.rawValue,
    ]
    #expect(codes.filter { !shown.contains($0) && !untestable.contains($0) } == [])
  }
}

/// One folder of golden texts.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  let name: String

  var testDescription: String { name }
  var folder: URL { GoldenCase.root.appendingPathComponent(name) }
  var expected: URL { folder.appendingPathComponent("expected.txt") }

  static let isRecording = ProcessInfo.processInfo.environment["ASSAY_RECORD"] == "1"
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/diagnostics")
  static let rest = root.appendingPathComponent("_rest")

  /// The folders that are there, and the cases that are made on the spot.
  static let all: [GoldenCase] = {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let names = Set(folders.filter { !$0.hasPrefix(".") && $0 != "_rest" }).union(MadeCase.all.keys)
    return names.sorted().map(GoldenCase.init)
  }()

  /// What loading the case shows, its folder's own path left out; `no findings` where that is nothing.
  func text() throws -> String {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let folder = place.appendingPathComponent("rules")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: GoldenCase.rest, to: folder)
    try overlay(folder)
    try MadeCase.all[name]?(folder)
    let loaded = RuleSetLoader.load(folder: folder.path)
    let text = loaded.rendered().replacingOccurrences(of: place.path, with: "")
    return text.isEmpty ? "no findings\n" : text
  }

  private func overlay(_ target: URL) throws {
    guard let files = FileManager.default.enumerator(atPath: folder.path) else { return }
    for case let path as String in files where path != "expected.txt" && path != "without.txt" {
      let source = folder.appendingPathComponent(path)
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: source.path, isDirectory: &isFolder)
      if isFolder.boolValue { continue }
      let destination = target.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(contentsOf: source).write(to: destination)
    }
    guard let without = try? String(contentsOf: folder.appendingPathComponent("without.txt"), encoding: .utf8)
    else { return }
    for path in without.split(separator: "\n") {
      try FileManager.default.removeItem(at: target.appendingPathComponent(String(path)))
    }
    // Folders that have lost all their files go as well.
    let rules = target.appendingPathComponent("rules")
    if try FileManager.default.contentsOfDirectory(atPath: rules.path).isEmpty {
      try FileManager.default.removeItem(at: rules)
    }
  }
}
