import Foundation
import TestSupport
import Testing

/// The README's examples in other languages do what the README says.
@Suite(.enabled(if: Library.canBeMade && Library.has("cc")))
struct ReadmeTests {
  /// The README's first example in a language, in a file of its own, and what it prints.
  private func run(_ language: String, _ command: (_ prefix: String, _ file: String) -> String) throws
    -> String
  {
    let prefix = try #require(Library.prefix)
    let readme = SharedData.projectRoot.appending(path: "README.md")
    let parts = try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```\(language)\n")
    let example = try #require(parts.dropFirst().first?.components(separatedBy: "```").first)
    let folder = FileManager.default.temporaryDirectory.appending(path: "assay-readme-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "example.\(language)")
    try Data(example.utf8).write(to: file)
    return try Library.run(command(prefix, file.path))
  }

  @Test func theExampleInC() throws {
    let said = try run("c") { prefix, file in
      "cc -std=c11 -Wall -Werror '\(file)' -o '\(file).run' -I'\(prefix)/include' -L'\(prefix)/lib' -lassay "
        + "-Wl,-rpath,'\(prefix)/lib' && '\(file).run'"
    }
    #expect(said.hasPrefix(#"{"event":"p1","outcome":"review""#), "\(said)")
  }

  @Test(.enabled(if: Library.has("python3"))) func theExampleInPython() throws {
    let said = try run("python") { prefix, file in
      "PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=Clients/python ASSAY_LIBRARY='\(prefix)/lib/libassay.so.1' "
        + "python3 '\(file)'"
    }
    #expect(said.hasPrefix("hold [{'rule': 'no-attestation'"), "\(said)")
  }
}
