import ArgumentParser
import RewardsArguments
import RewardsSimulator
import Testing

/// What both programs about simulated streams take, and what they refuse.
@Suite struct StreamArgumentsTests {
  @Test func defaultsAreThoseOfThePlan() throws {
    let stream = try StreamArguments.parse([])
    #expect(stream.days == 60)
    #expect(stream.strength == Plan.strengthDefault && stream.camouflage == Plan.camouflageDefault)
    #expect(stream.operations == nil)
    #expect(try stream.frauds() == FraudKind.allCases)
  }

  @Test func bothEndsAreTaken() throws {
    let least = try StreamArguments.parse([
      "--days", "1", "--strength", "0", "--camouflage", "0", "--operations", "0", "--frauds", "none",
    ])
    #expect(least.days == 1 && least.strength == 0 && least.camouflage == 0 && least.operations == 0)
    #expect(try least.frauds() == [])
    let most = try StreamArguments.parse([
      "--days", "\(Plan.daysMax)", "--strength", "1", "--camouflage", "1", "--operations", "1000",
      "--frauds", "sleeper,emulator",
    ])
    #expect(most.days == Plan.daysMax && most.operations == 1_000)
    #expect(try most.frauds() == [.sleeper, .emulator])
  }

  @Test(arguments: [
    (["--days", "0"], "`--days` is 1 to \(Plan.daysMax)"),
    (["--days", "\(Plan.daysMax + 1)"], "`--days` is 1 to \(Plan.daysMax)"),
    (["--strength", "1.1"], "`--strength` is 0 to 1"), (["--strength", "nan"], "`--strength` is 0 to 1"),
    (["--camouflage", "1.1"], "`--camouflage` is 0 to 1"),
    (["--operations", "1001"], "`--operations` is 0 to 1000"),
    (["--frauds", "theft"], "there is no fraud `theft`"),
  ]) func otherValuesAreRefused(_ arguments: [String], _ message: String) {
    do {
      _ = try StreamArguments.parse(arguments)
      Issue.record("\(arguments) are taken")
    } catch {
      #expect(
        StreamArguments.message(for: error).hasPrefix(message), "\(StreamArguments.message(for: error))")
    }
  }
}
