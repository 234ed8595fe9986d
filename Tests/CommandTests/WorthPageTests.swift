import Foundation
import TestSupport
import Testing

/// The examples of the page on worth print what the page shows.
@Suite struct WorthPageTests {
  @Test func theExamplesRun() throws {
    let page = SharedData.projectRoot.appending(path: "Sources/Workbench/Workbench.docc/Worth.md")
    let examples = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```\n$ ")
      .dropFirst()
    #expect(examples.count >= 1)
    for example in examples {
      let text = example.components(separatedBy: "```")[0]
      let line = String(text.prefix { $0 != "\n" })
      let outcome = try Shell.run(line)
      #expect(outcome.output == text.dropFirst(line.count + 1), "\(line)")
      #expect(outcome.exitCode == 0)
    }
  }
}
