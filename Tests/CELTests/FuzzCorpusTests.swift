import ExpressionFuzzing
import Foundation
import TestSupport
import Testing

/// What the fuzzers have found so far is run again: none of it breaks a promise, each of it is soon done with.
@Suite struct FuzzCorpusTests {
  private static let fixtures = SharedData.projectRoot.appending(path: "Fixtures/fuzz-cel")

  @Test(arguments: Harness.allCases) func seedsKeepTheirPromises(_ harness: Harness) throws {
    let seeds = try Self.files(in: Self.fixtures.appending(path: "seeds"))
    #expect(!seeds.isEmpty)
    for seed in seeds { harness.run(try Data(contentsOf: seed)) }
  }

  /// Each folder of the archive is the corpus of one harness.
  @Test func theFoundCorpusKeepsItsPromises() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let unpack = Process()
    unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    unpack.arguments = [
      "tar", "-xzf", Self.fixtures.appending(path: "found.tar.gz").path, "-C", folder.path,
    ]
    try unpack.run()
    unpack.waitUntilExit()
    #expect(unpack.terminationStatus == 0)
    for harness in Harness.allCases {
      for input in try Self.files(in: folder.appending(path: harness.rawValue)) {
        harness.run(try Data(contentsOf: input))
      }
    }
  }

  private static func files(in folder: URL) throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
  }
}
