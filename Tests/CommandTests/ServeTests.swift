import Foundation
import TestSupport
import Testing

/// `assay serve` as a process.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/curl"))) struct ServeTests {
  /// Starts a sidecar, waits for its socket, runs `lines`, and stops it; `exit` and its code stand at the end.
  private func serve(_ rules: String, after setUp: String = ":", _ lines: String) throws
    -> CommandCase.Outcome
  {
    try Shell.run(
      """
      \(setUp)
      assay serve \(rules) --socket "$WORK/assay.sock" 2> "$WORK/log" &
      pid=$!
      for i in $(seq 200); do [ -S "$WORK/assay.sock" ] && break; sleep 0.05; done
      \(lines)
      kill -TERM $pid
      wait $pid
      echo "exit $?"
      cat "$WORK/log" >&2
      """)
  }

  /// The README's example, but for the place of its socket.
  @Test func theReadmesRequestIsDecided() throws {
    let readme = try String(
      contentsOf: SharedData.projectRoot.appending(path: "README.md"), encoding: .utf8)
    let part = try #require(readme.components(separatedBy: "## Beside a service").last)
    let block = part.components(separatedBy: "```console\n")[1].components(separatedBy: "```")[0]
    let request = try #require(block.components(separatedBy: " &\n").last)
    #expect(block.hasPrefix("assay serve Rules/rewards --socket /tmp/assay.sock &\n"))
    let found = try serve("Rules/rewards", request.replacing("/tmp/assay.sock", with: "\"$WORK/assay.sock\""))
    #expect(found.output.hasPrefix(#"{"event":"p1","outcome":""#), "\(found)")
    #expect(found.output.hasSuffix("exit 0\n"), "\(found)")
    for message in ["serving", "stopping", "stopped"] {
      #expect(found.errors.contains(#""message":"\#(message)""#), "\(found)")
    }
  }

  @Test func aHangUpReadsTheRulesAgain() throws {
    let found = try serve(
      "\"$WORK/rules\"", after: "cp -r Rules/rewards \"$WORK/rules\"",
      """
      kill -HUP $pid
      sleep 1
      echo "nonsense: [" >> "$WORK/rules/ruleset.yaml"
      kill -HUP $pid
      sleep 1
      curl -s --unix-socket "$WORK/assay.sock" http://assay/readyz
      """)
    #expect(found.output == "ready\nexit 0\n", "\(found)")
    #expect(found.errors.contains(#""message":"the rules were reloaded""#), "\(found)")
    #expect(found.errors.contains(#""message":"the rules were not reloaded""#), "\(found)")
  }

  @Test(arguments: [
    ("", "`--socket` or `--listen` is needed"),
    ("--listen 0.0.0.0:8080", "other machines may reach `0.0.0.0`"),
    ("--listen here", "`here` is no address with a port"),
    ("--socket README.md", "`README.md` is there and is no socket"),
    ("--socket /tmp/s --socket-mode 9", "`9` is no mode"),
    ("--socket /tmp/s --loops 0", "`--loops` must be an integer between 1 and 64"),
    ("--socket /tmp/s --redis unix:///tmp/none", "windows in Redis need the same hashing key everywhere"),
  ])
  func whatCannotBeServedIsTold(options: String, message: String) throws {
    let found = try Shell.run("assay serve Rules/rewards \(options)")
    #expect(found.exitCode == 3, "\(found)")
    #expect(found.errors.contains("error: ") && found.errors.contains(message), "\(found)")
  }
}
