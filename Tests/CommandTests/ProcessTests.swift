import Foundation
import Testing

/// What cannot be seen in one golden output.
@Suite struct ProcessTests {
  private static let replay =
    "assay replay Fixtures/commands/rules/small Fixtures/commands/events/payouts.ndjson --features"

  @Test func twoProcessesWriteTheSameBytes() throws {
    let first = try Shell.run(Self.replay)
    #expect(try Shell.run(Self.replay).output == first.output)
    #expect(!first.output.isEmpty)
    let rewards =
      "assay replay Rules/rewards Fixtures/rewards/events.ndjson.gz --features --quiet | sha256sum"
    #expect(try Shell.run(rewards).output == Shell.run(rewards).output)
  }

  /// 100 MB in one line: no more memory than any other replay, and the lines around it are decided.
  @Test func aHugeLineCostsNoMemory() throws {
    let line = """
      { head -n 1 Fixtures/commands/events/payouts.ndjson
        head -c 100000000 /dev/zero | tr '\\0' x
        echo
        tail -n 1 Fixtures/commands/events/payouts.ndjson
      } > "$WORK/huge"
      assay replay Fixtures/commands/rules/small "$WORK/huge" > "$WORK/out" &
      process=$!
      peak=0
      while kill -0 $process 2>/dev/null; do
        now=$(awk '/^VmHWM/ { print $2 }' /proc/$process/status 2>/dev/null)
        [ -n "$now" ] && [ "$now" -gt "$peak" ] && peak=$now
        sleep 0.01
      done
      wait $process
      echo "exit $?"
      echo "decisions $(wc -l < "$WORK/out")"
      echo "peak $peak"
      """
    let found = try Shell.run(line)
    let lines = found.output.split(separator: "\n")
    #expect(lines.first == "exit 3")
    #expect(lines.dropFirst().first == "decisions 2")
    let peakKiB = lines.last?.split(separator: " ").last.flatMap { Int($0) } ?? .max
    #expect(peakKiB < 64 << 10, "\(peakKiB) KiB")
    #expect(found.errors.contains(":2: too-large: a line of 100000000 bytes"))
  }

  /// Whoever reads the decisions may stop: no message, no crash.
  @Test func aReaderThatGoesAwayEndsTheWorkQuietly() throws {
    let line = """
      for _ in $(seq 2000); do cat Fixtures/commands/events/payouts.ndjson; done > "$WORK/many"
      { assay replay Fixtures/commands/rules/small "$WORK/many" --quiet; echo "exit $?" >&2; } | head -n 1 | wc -l
      """
    let found = try Shell.run(line)
    #expect(found.output == "1\n")
    #expect(found.errors == "exit 0\n")
  }

  @Test func colorIsForTerminalsOnly() throws {
    let check = "assay check Fixtures/commands/rules/mistakes"
    #expect(try !Shell.run(check).output.contains("\u{1B}"))
    #expect(try Shell.run(check + " --color always").output.contains("\u{1B}"))
    #expect(try !Shell.run(check + " --color never").output.contains("\u{1B}"))
  }

  /// On a terminal, which `script` makes, reports are coloured unless `NO_COLOR` is set.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func reportsOnATerminalAreColoured() throws {
    for command in [
      "assay replay Fixtures/commands/rules/small Fixtures/commands/events/payouts.ndjson --format text",
      "assay test Fixtures/commands/rules/failing", "assay check Fixtures/commands/rules/mistakes",
    ] {
      let terminal = "script -qec '\(command)' /dev/null"
      #expect(try Shell.run(terminal).output.contains("\u{1B}[1;31m"))
      #expect(try !Shell.run("NO_COLOR=1 \(terminal)").output.contains("\u{1B}[1"))
    }
  }

  /// A full disk is an error of the environment.
  @Test func aFullDiskIsTold() throws {
    let found = try Shell.run(Self.replay + " --quiet --decisions /dev/full")
    #expect(found.errors.hasPrefix("error: `/dev/full`: no space left on device\n"))
    #expect(found.exitCode == 3)
  }
}
