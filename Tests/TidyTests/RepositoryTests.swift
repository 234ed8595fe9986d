import Foundation
import Testing

/// The repository keeps the habits of the house.
@Suite struct RepositoryTests {
  private static let topLevel: Set = [
    "Package.swift", "Sources", "Tests", "Clients", "Packaging", "Rules", "Fixtures", "README.md", "Makefile",
    "LICENSE",
    // Written by the package manager, ignored by Git.
    "Package.resolved",
  ]

  /// Files that may say `@unchecked Sendable`, and why the compiler cannot see what they hold.
  private static let uncheckedSendable: [String: String] = [
    "Sources/Windows/Store/Guarded.swift": "the lock itself"
  ]

  private func check(
    _ files: [Repository.File], _ rule: (Repository.File) -> [Finding],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for finding in files.flatMap(rule) { Issue.record("\(finding)", sourceLocation: sourceLocation) }
  }

  @Test func thereAreSources() throws {
    #expect(try Repository.sources().count > 50)
  }

  @Test func filesAreShort() throws { check(try Repository.sources(), Rules.fileLength) }

  @Test func functionsAreShort() throws {
    check(try Repository.sources().filter { $0.path.hasSuffix(".swift") }, Rules.functionLength)
  }

  @Test func nothingIsLeftOver() throws { check(try Repository.sources(), Rules.leftOverMarkers) }

  @Test func commentsDrawNoBanners() throws { check(try Repository.sources(), Rules.banners) }

  @Test func importsRunDownwards() throws { check(try Repository.sources(), ImportRules.findings) }

  @Test func thePackageNamesWhatIsImported() throws {
    let package = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
    let targets = PackageTargets(package)
    #expect(targets.targets.count > 20)
    check(try Repository.sources(), targets.findings)
  }

  @Test func testsUsePackageAccess() throws { check(try Repository.sources(), Rules.testableImports) }

  @Test func onlyNamedFilesPromiseSendable() throws {
    let files = try Repository.sources(below: ["Sources"]).filter { Self.uncheckedSendable[$0.path] == nil }
    check(files, Rules.uncheckedSendable)
  }

  @Test func nothingEndsTheHost() throws {
    check(try Repository.sources(below: ["Sources"]), Rules.endings)
  }

  @Test func noFileIsEmpty() throws {
    check(try Repository.sources(), Rules.emptiness)
    for file in try Repository.files(below: "Fixtures") where file.bytes.isEmpty {
      // An expected output may be empty; everything else is there to be read.
      let name = file.path.split(separator: "/").last ?? ""
      #expect(
        ["stdout", "stderr"].contains(name) || file.path.contains("/commands/"), "\(file.path) is empty")
    }
  }

  @Test func noFileKnowsThisMachine() throws {
    let folders = ["Clients", "Packaging", "Rules", ".ci"]
    let files = try Repository.sources() + folders.flatMap { try Repository.files(below: $0) }
    check(files, Rules.machinePaths)
  }

  @Test func theTopLevelHoldsWhatItMust() throws {
    let names = try Repository.topLevel().filter { !$0.hasPrefix(".") }
    #expect(Set(names).subtracting(Self.topLevel).sorted() == [])
  }
}
