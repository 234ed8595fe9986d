import Foundation
import TestSupport
import Testing

/// The first page of the documentation shows what runs here, and what it prints.
@Suite struct DocumentationTests {
  private static func page(_ name: String) throws -> String {
    let path = SharedData.projectRoot.appending(path: "Sources/CEL/CEL.docc/\(name).md")
    return try String(contentsOf: path, encoding: .utf8)
  }

  private static func block(_ language: String, _ page: String) throws -> String {
    let parts = try Self.page(page).components(separatedBy: "```\(language)\n")
    return try #require(parts.count > 1 ? parts[1].components(separatedBy: "```")[0] : nil)
  }

  @Test func theExampleIsTheOneThatRuns() throws {
    let file = SharedData.projectRoot.appending(path: "Tests/CELTests/DocumentationExample.swift")
    let source = try String(contentsOf: file, encoding: .utf8)
    let body = source.components(separatedBy: "// The page shows the lines below.\n")[1]
      .components(separatedBy: "    // The page shows the lines above.")[0]
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { $0.dropFirst(4) }
    #expect(
      try Self.block("swift", "GettingStarted")
        == "import CEL\nimport CELRegex\n\n" + lines.joined(separator: "\n"))
  }

  @Test func itPrintsWhatThePageSays() throws {
    #expect(
      try Self.block("text", "GettingStarted") == DocumentationExample.run().joined(separator: "\n") + "\n")
  }
}
