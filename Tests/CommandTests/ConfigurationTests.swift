import Foundation
import TestSupport
import Testing

/// Where the settings of `assay serve` come from.
@Suite struct ConfigurationTests {
  /// A line of `--print-config`.
  private struct Row: Equatable {
    let key: String
    let value: String
    let source: String
  }

  /// What `--print-config` shows; `file` is what `$WORK/config.json` has.
  private func rows(
    _ options: String, file: String = "{}", environment: [String: String] = [:]
  ) throws -> [Row] {
    let found = try print(options, file: file, environment: environment)
    #expect(found.exitCode == 0 && found.errors == "", "\(found)")
    return found.output.split(separator: "\n").map { line in
      let parts = line.split(separator: #/ {2,}/#).map(String.init)
      return Row(key: parts[0], value: parts[1], source: parts[2])
    }
  }

  private func print(
    _ options: String, file: String = "{}", environment: [String: String] = [:]
  ) throws -> CommandCase.Outcome {
    try Shell.run(
      """
      head -c 32 /dev/urandom > "$WORK/key"
      printf %s "$FILE" > "$WORK/config.json"
      assay serve Fixtures/commands/rules/wallet --config "$WORK/config.json" --print-config \(options)
      """, environment: environment.merging(["FILE": file]) { $1 })
  }

  @Test func optionsGoBeforeVariablesAndTheseBeforeTheFile() throws {
    let file = #"{"socket": "/tmp/f", "loops": 2, "memory": 64, "limits": {"idle-ms": 5, "drain-ms": 7}}"#
    let found = try rows(
      "--loops 4", file: file,
      environment: [
        "ASSAY_LOOPS": "3", "ASSAY_MEMORY": "32", "ASSAY_LIMITS_IDLE_MS": "6", "ASSAY_OTHER": "x",
      ])
    let expected = [
      ("socket", "/tmp/f", "$WORK/config.json:1:2"), ("loops", "4", "--loops"),
      ("memory", "32", "ASSAY_MEMORY"),
      ("limits.idle-ms", "6", "ASSAY_LIMITS_IDLE_MS"), ("limits.drain-ms", "7", "$WORK/config.json:1:73"),
      ("limits.body-ms", "10000", "default"), ("redis", "-", "default"),
    ]
    for (key, value, source) in expected {
      #expect(found.contains(Row(key: key, value: value, source: source)), "\(key): \(found)")
    }
  }

  @Test func passwordsAreMasked() throws {
    let options = "--socket /tmp/s --hashing-key-file \"$WORK/key\""
    let url = "redis://user:top%20secret@localhost:6379/1?password=x"
    for (file, environment) in [("{}", ["ASSAY_REDIS": url]), (#"{"redis": "\#(url)"}"#, [:])] {
      let found = try print(options, file: file, environment: environment)
      #expect(!found.output.contains("secret") && !found.output.contains("password=x"), "\(found)")
    }
    let found = try rows(options, environment: ["ASSAY_REDIS": "redis://user:secret@localhost:6379/1"])
    #expect(
      found.contains(Row(key: "redis", value: "redis://user:***@localhost:6379/1", source: "ASSAY_REDIS")))
    // Among the arguments everybody can read it.
    let refused = try print(options + " --redis redis://user:secret@localhost")
    #expect(refused.exitCode == 3 && refused.errors.contains("can be read by every user"), "\(refused)")
  }

  @Test(arguments: [
    (#"{"sockte": "x"}"#, "config.json:1:2: there is no setting `sockte`", "did you mean `socket`?"),
    (
      "{\n  \"socket\": \"x\",\n  \"limits\": {\"idle\": 1}}",
      "config.json:3:14: there is no setting `limits.idle`", "`limits.idle-ms`"
    ),
    (#"{"limits": 5}"#, "config.json:1:2: there is no setting `limits`", "hint: "),
    (#"{"socket": 5}"#, "config.json:1:2: `socket` must be text", "hint: "),
    (#"{"socket": "\"loops\"", "loops": true}"#, "config.json:1:25: `loops` must be an integer", "hint: "),
    (
      #"{"socket": "x", "loops": 65}"#, "config.json:1:17: `loops` must be an integer between 1 and 64",
      "hint: "
    ),
    (
      #"{"socket": "x", "log-level": "loud"}"#, "config.json:1:17: `log-level` must be one of `trace`",
      "hint: "
    ),
    (#"{"socket": "x", "socket": "y"}"#, "config.json:1:17: the key `socket` stands there twice", "hint: "),
    (#"{"socket": }"#, "config.json:1:12: not JSON: expected a value", "hint: "),
    ("[]", "config.json:1:1: a configuration is one JSON object", "hint: "),
    (#"{"allow-user": [1, "root"]}"#, "config.json:1:2: `allow-user` must be a list of integers", "hint: "),
  ])
  func whatIsWrongInAFileIsTold(file: String, message: String, hint: String) throws {
    let found = try print("", file: file)
    #expect(found.exitCode == 3 && found.output == "", "\(found)")
    #expect(found.errors.contains(message) && found.errors.contains(hint), "\(found)")
  }

  /// Who only looks at the settings need not say where clients connect.
  @Test func settingsAreShownWithoutAnAddress() throws {
    let found = try print("")
    #expect(found.exitCode == 0 && found.output.contains("socket-mode"), "\(found)")
  }

  @Test(arguments: [
    ("ASSAY_LOOPS", "many", "`ASSAY_LOOPS` must be an integer between 1 and 64"),
    ("ASSAY_LOOPS", "0", "`ASSAY_LOOPS` must be an integer between 1 and 64"),
    ("ASSAY_TRACE_SAMPLE", "2", "`ASSAY_TRACE_SAMPLE` must be a number between 0.0 and 1.0"),
    ("ASSAY_PUBLIC", "maybe", "`ASSAY_PUBLIC` must be true or false"),
    ("ASSAY_TRACE_ENDPOINT", "https://collector", "only `http://` is spoken"),
    ("ASSAY_ALLOW_USER", "-1", "users have numbers"),
    ("ASSAY_HASHING_KEY_FILE", "/nowhere/key", "`ASSAY_HASHING_KEY_FILE` needs `--redis`"),
  ])
  func whatIsWrongInAVariableIsTold(variable: String, value: String, message: String) throws {
    let found = try print("--socket /tmp/s", environment: [variable: value])
    #expect(found.exitCode == 3 && found.errors.contains(message), "\(found)")
  }

  /// The table of the documentation has every setting, and nothing else.
  @Test func everySettingIsDocumented() throws {
    let text = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Sources/Sidecar/Sidecar.docc/Configuration.md"),
      encoding: .utf8)
    let table = text.matches(of: #/(?m)^\| `([^`]+)` \| (?:`([^`]+)` )?\| `([^`]+)` \| (?:`([^`]+)` )?\|/#)
    let shown = try rows("--socket /tmp/s")
    #expect(table.map { String($0.1) } == shown.map(\.key))
    let help = try Shell.run("assay serve --help")
    for (row, setting) in zip(table, shown) {
      if setting.source == "default" {
        #expect(row.4.map(String.init) ?? "-" == setting.value, "\(setting)")
      }
      if let option = row.2 { #expect(help.output.contains(String(option)), "\(option)") }
      let variable = "ASSAY_" + setting.key.uppercased().map { $0.isLetter ? String($0) : "_" }.joined()
      #expect(String(row.3) == variable)
    }
  }

  /// The example of the documentation is a configuration.
  @Test func theExampleIsTaken() throws {
    let text = try String(
      contentsOf: SharedData.projectRoot.appending(path: "Sources/Sidecar/Sidecar.docc/Configuration.md"),
      encoding: .utf8)
    let example = try #require(
      text.components(separatedBy: "```json\n").last?.components(separatedBy: "```").first)
    let found = try rows(
      "", file: example.replacing(/"\/run\/secrets\/[a-z-]+"/, with: "\"/proc/self/cmdline\""))
    #expect(found.contains { $0.key == "socket-mode" && $0.value == "660" }, "\(found)")
  }

  /// A sidecar whose socket and mode only the environment names.
  @Test func aSidecarIsServedByItsEnvironment() throws {
    let found = try Shell.run(
      """
      export ASSAY_SOCKET="$WORK/s" ASSAY_SOCKET_MODE=640
      assay serve Fixtures/commands/rules/wallet 2> "$WORK/log" &
      pid=$!
      for i in $(seq 200); do [ -S "$WORK/s" ] && break; sleep 0.05; done
      stat -c %a "$WORK/s"
      kill -TERM $pid
      wait $pid
      """)
    #expect(found.output == "640\n" && found.exitCode == 0, "\(found)")
  }
}
