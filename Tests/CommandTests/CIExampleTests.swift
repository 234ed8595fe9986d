import Foundation
import TestSupport
import Testing

/// The examples of `Packaging/ci` name commands that exist, and the hook does what it says.
@Suite struct CIExampleTests {
  private static func text(_ name: String) throws -> String {
    try String(contentsOf: SharedData.projectRoot.appending(path: "Packaging/ci/\(name)"), encoding: .utf8)
  }

  @Test(arguments: ["github-workflow.yaml", "pre-commit-config.yaml", "pre-commit"])
  func commandsAndOptionsExist(_ name: String) throws {
    let lines = try Self.text(name).matches(
      of: /\bassay ((?:check|fmt|test|compare|replay|new|schema)\b[^\n>|;]*)/)
    #expect(!lines.isEmpty)
    for line in lines {
      let words = line.1.split(separator: " ").map(String.init)
      let help = try Shell.run("assay help \(words[0])")
      #expect(help.exitCode == 0, "assay \(words[0])")
      for word in words where word.hasPrefix("--") { #expect(help.output.contains(word), "assay \(line.1)") }
    }
  }

  /// What is committed is looked at, not what lies beside it.
  @Test func theHookStopsWhatIsWrong() throws {
    let found = try Shell.run(
      """
      hook="$PWD/Packaging/ci/pre-commit"
      cp -r Fixtures/commands/rules/small "$WORK/rules" && cd "$WORK" && git init -q . && git config user.email a@example.com
      git config user.name a && cp "$hook" .git/hooks/pre-commit && git add rules && git commit -qm first >/dev/null 2>&1 && echo first
      sed -i 's/payouts_24h > 3/payout_24h > 3/' rules/rules/payouts.yaml && git add rules
      git commit -qm second >/dev/null 2>&1 || echo stopped
      sed -i 's/payout_24h > 3/payouts_24h > 3/' rules/rules/payouts.yaml
      git commit -qm second >/dev/null 2>&1 || echo stopped still
      git add rules && echo '# more' >> rules/lists.yaml && git add rules && git commit -qm second >/dev/null 2>&1 && echo second
      """)
    #expect(found.output == "first\nstopped\nstopped still\nsecond\n", "\(found)")
  }
}
