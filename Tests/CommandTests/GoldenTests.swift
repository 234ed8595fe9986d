import Foundation
import Testing

@Suite struct GoldenTests {
  @Test func thereAreCasesForEveryExitCode() {
    #expect(CommandCase.all.count > 30)
    guard !CommandCase.isRecording else { return }
    #expect(Set(CommandCase.all.compactMap { $0.expected?.exitCode }) == [0, 1, 2, 3])
  }

  /// Output, errors and exit code of each case, byte for byte.
  @Test(arguments: CommandCase.all) func golden(_ golden: CommandCase) throws {
    let found = try golden.run()
    if CommandCase.isRecording { return try golden.record(found) }
    let expected = try #require(golden.expected, "record it with ASSAY_RECORD=1")
    #expect(found.output == expected.output)
    #expect(found.errors == expected.errors)
    #expect(found.exitCode == expected.exitCode)
  }
}
