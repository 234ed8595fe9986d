import Testing

/// Each rule finds what it is for, so that silence means something.
@Suite struct RulesTests {
  private func file(_ text: String, at path: String = "Sources/CEL/Sample.swift") -> Repository.File {
    Repository.File(path: path, bytes: Array(text.utf8))
  }

  private func lines(_ findings: [Finding]) -> [Int] { findings.map(\.line) }

  @Test func lengthOfFiles() {
    #expect(Rules.fileLength(file(String(repeating: "\n", count: 400))).isEmpty)
    #expect(Rules.fileLength(file(String(repeating: "\n", count: 401))).count == 1)
  }

  @Test(arguments: ["func sample() {", "init(a: Int) {", "deinit {", "  subscript(a: Int) -> Int {"])
  func lengthOfFunctions(head: String) {
    func sample(_ count: Int) -> Repository.File {
      file("// {\n" + head + "\n" + String(repeating: "  let a = \"}\"\n", count: count) + "}\n")
    }
    #expect(Rules.functionLength(sample(68)).isEmpty)
    #expect(
      Rules.functionLength(sample(69)) == [
        Finding(path: "Sources/CEL/Sample.swift", line: 2, message: "a function of 71 lines, at most 70")
      ])
  }

  @Test func aFunctionWithoutABodyHasNoLength() {
    let sample =
      "protocol P {\n  func a()\n}\nstruct S {\n" + String(repeating: "  let a = 1\n", count: 90) + "}\n"
    #expect(Rules.functionLength(file(sample)).isEmpty)
  }

  @Test(arguments: ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"])
  func markers(word: String) {
    #expect(lines(Rules.leftOverMarkers(file("let a = 1\n/* \(word): later */ let b = 2\n"))) == [2])
    #expect(lines(Rules.leftOverMarkers(file("/// \(word)\n"))) == [1])
    #expect(Rules.leftOverMarkers(file("let a = \"\(word)\"\n// \(word)S\n")).isEmpty)
  }

  @Test func banners() {
    #expect(lines(Rules.banners(file("// -----\n//====\n// MARK: - a\n/* **** */\n"))) == [1, 2, 3, 4])
    #expect(Rules.banners(file("// a - b\nlet a = \"// ----\"\n/// | --- | --- |\n")).isEmpty)
  }

  @Test func endings() {
    let bad = "let a = try! f()\nlet b = c as! D\nfatalError(\"a\")\n"
    #expect(lines(Rules.endings(file(bad))) == [1, 2, 3])
    #expect(Rules.endings(file("// try! this\nlet a = try? f()\nlet b = \"fatalError\"\n")).isEmpty)
  }

  @Test func testableAndUnchecked() {
    #expect(lines(Rules.testableImports(file("@testable import CEL\n"))) == [1])
    #expect(lines(Rules.uncheckedSendable(file("\nfinal class A: @unchecked Sendable {}\n"))) == [2])
  }

  @Test func placesOfAMachine() {
    let home = "/ho" + "me/me/a"
    #expect(lines(Rules.machinePaths(file("let a = \"\(home)\"\n// see \(home)\n"))) == [1, 2])
    #expect(Rules.machinePaths(file("// Sources\(home)\n")).isEmpty)
  }

  @Test func emptiness() {
    #expect(Rules.emptiness(file("// nothing\nimport CEL\n\n")).count == 1)
    #expect(Rules.emptiness(file("let a = 1\n")).isEmpty)
  }

  @Test func imports() {
    #expect(lines(ImportRules.findings(file("import Foundation\n"))) == [1])
    let upwards = "public import CEL\n@preconcurrency internal import Assay\nimport struct Workbench.Replay\n"
    #expect(lines(ImportRules.findings(file(upwards, at: "Sources/Events/A.swift"))) == [2, 3])
    #expect(ImportRules.findings(file("import New\n", at: "Sources/New/A.swift")).count == 1)
    #expect(ImportRules.findings(file("import Assay\n", at: "Tests/CELTests/A.swift")).isEmpty)
  }

  @Test func dependencies() {
    let package = """
        targets: [
          .target(name: "A"),
          .target(name: "B", dependencies: ["A"]),
          .testTarget(
            name: "C",
            dependencies: [
              "A", .product(name: "D", package: "d"),
            ], path: "Tests/Sea"),
      ]
      """
    let targets = PackageTargets(package.replacing("\n      ", with: "\n    "))
    #expect(targets.targets.keys.sorted() == ["A", "B", "C"])
    let text = "import A\nimport B\nimport D\n"
    #expect(lines(targets.findings(file(text, at: "Sources/A/A.swift"))) == [2])
    #expect(targets.findings(file(text, at: "Sources/B/B.swift")).isEmpty)
    #expect(lines(targets.findings(file(text, at: "Tests/Sea/C.swift"))) == [2])
  }

  @Test func stringsAndCommentsAreToldApart() {
    let text = SwiftText(
      Array("a \"// \\(f(\"x\")) b\" /* c /* d */ */ #\"e\"# \"\"\"\nf\"g\n\"\"\" h\n".utf8))
    #expect(text.codeLines.map { $0.split(separator: " ").joined() } == ["a", "", "h", ""])
    #expect(SwiftText(Array("f(/\\/\\/ \"/) / 2 // b".utf8)).codeLines == ["f(        ) / 2     "])
    #expect(text.commentLines[0].split(separator: " ").joined() == "/*c/*d*/*/")
  }
}
