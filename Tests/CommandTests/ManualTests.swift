import Foundation
import Testing

/// The manual pages in the hands of those who read them.
@Suite struct ManualTests {
  private static let hasLint = (try? Shell.run("command -v mandoc"))?.exitCode == 0

  @Test func everyCommandHasAPageAndTheSameTwice() throws {
    let found = try Shell.run(
      """
      export SOURCE_DATE_EPOCH=1767225600
      assay manual "$WORK/one" > /dev/null && assay manual "$WORK/two" > /dev/null && diff -r "$WORK/one" "$WORK/two" && ls "$WORK/one"
      grep -h '^.Dd' "$WORK/one"/* | sort -u
      """)
    #expect(found.exitCode == 0, "\(found)")
    let lines = found.output.split(separator: "\n").map(String.init)
    #expect(lines.last == ".Dd January 1, 2026")
    for page in [
      "assay", "assay-check", "assay-new", "assay-new-rule", "assay-fmt", "assay-schema", "assay-serve",
    ] {
      #expect(lines.contains("\(page).1"))
    }
    #expect(!lines.contains("assay-help.1"))
  }

  @Test(.enabled(if: hasLint)) func mandocFindsNothing() throws {
    let found = try Shell.run(
      "assay manual \"$WORK/man\" > /dev/null && mandoc -Tlint -Wwarning \"$WORK\"/man/*.1")
    #expect(found.exitCode == 0 && found.output.isEmpty && found.errors.isEmpty, "\(found)")
  }

  @Test(.enabled(if: hasLint)) func aPageReadsAsItShould() throws {
    let found = try Shell.run(
      "assay manual \"$WORK/man\" > /dev/null && mandoc -Tascii \"$WORK/man/assay-check.1\" | col -b")
    for text in [
      "assay-check", "reads a rule set", "--format format", "sarif", "--dry-run", "EXIT STATUS", "rules",
    ] {
      #expect(found.output.contains(text), "\(text)")
    }
  }
}
