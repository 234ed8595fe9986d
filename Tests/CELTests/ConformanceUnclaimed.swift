import Foundation
import TestSupport

/// The cases of the conformance suite that are not claimed, each with its reason.
struct ConformanceUnclaimed {
  /// By path, such as `proto3/has/map_unset`.
  private(set) var reasons: [String: String] = [:]

  init() throws {
    let url = SharedData.projectRoot.appending(path: "Fixtures/conformance/unclaimed.txt")
    var reason = ""
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#")
    {
      if line.hasPrefix("  ") {
        reasons[String(line.dropFirst(2))] = reason
      } else {
        reason = String(line)
      }
    }
  }

  /// Whether a case mentions what its reason names.
  static func holds(_ reason: String, for test: ConformanceCase) -> Bool {
    reason.split(separator: " ").last.map { test.text.contains($0) } ?? false
  }
}

/// The page of the documentation that tells what conforms.
enum ConformancePage {
  static func text(_ cases: [ConformanceCase], _ unclaimed: ConformanceUnclaimed) -> String {
    var rows: [String] = []
    for file in Set(cases.map(\.file)).sorted() {
      let own = cases.filter { $0.file == file }
      let left = own.compactMap { unclaimed.reasons[$0.path] }
      rows.append("| `\(file)` | \(own.count - left.count) | \(own.count) | \(summary(left)) |")
    }
    let plain = cases.filter(\.isPlain)
    let claimed = cases.filter { unclaimed.reasons[$0.path] == nil }
    return """
      # Conformance

      What passes of the language's public conformance suite, file by file.

      ## Overview

      The suite (github.com/google/cel-spec, `tests/simple/testdata`) has \(cases.count) cases; \(claimed.count) pass, among them all
      \(plain.count) that need neither protobuf messages nor extensions. A test runs them and writes this table; it fails when a case
      that passed does so no more, and when one that is left out passes.

      | file | passing | cases | left out |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      There are no protobuf messages here: values are those of JSON, of the language's own types, and of ``IPAddress`` and
      ``CIDRRange``. Every case that is left out builds or reads a message or an enumeration of protobuf, or declares functions of
      its own; `Fixtures/conformance/unclaimed.txt` lists each of them with what it needs.

      """
  }

  /// `71 need messages, 2 need enumerations`
  private static func summary(_ reasons: [String]) -> String {
    let kinds = [
      ("protobuf message", "messages"), ("protobuf enum", "enumerations"),
      ("a function", "functions of its own"),
    ]
    return kinds.compactMap { mark, name in
      let count = reasons.count { $0.contains(mark) }
      return count > 0 ? "\(name): \(count)" : nil
    }.joined(separator: ", ")
  }
}
