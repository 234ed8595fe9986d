import Foundation
import Testing

/// What shells complete, asked of the shells themselves.
@Suite struct CompletionTests {
  private static func isThere(_ shell: String) -> Bool {
    (try? Shell.run("command -v \(shell)"))?.exitCode == 0
  }

  /// What bash offers for the last word of a line.
  private func offered(_ words: [String]) throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let line = """
      cat > "$WORK/complete.bash" <<'END'
      eval "$(assay --generate-completion-script bash)"
      COMP_WORDS=(\(list))
      COMP_CWORD=\(words.count - 1)
      COMP_LINE="${COMP_WORDS[*]}"
      COMP_POINT=${#COMP_LINE}
      function=$(complete -p assay | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      $function assay "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      END
      bash "$WORK/complete.bash"
      """
    let found = try Shell.run(line)
    #expect(found.exitCode == 0 && found.errors.isEmpty, "\(found)")
    return found.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test(.enabled(if: isThere("bash"))) func bashCompletesCommandsOptionsWordsAndFiles() throws {
    let commands = try offered(["assay", ""])
    for command in ["check", "fmt", "schema", "new", "test", "replay", "serve"] {
      #expect(commands.contains(command))
    }
    #expect(try offered(["assay", "check", "--f"]).contains("--format"))
    #expect(try offered(["assay", "check", "--format", ""]).contains("sarif"))
    #expect(try offered(["assay", "schema", ""]).contains("features"))
    #expect(try offered(["assay", "new", ""]).contains("ruleset"))
    #expect(try offered(["assay", "check", "Rul"]).contains { $0.hasPrefix("Rules") })
    #expect(
      try offered(["assay", "replay", "Rules/rewards", "Fixtures/rewards/ev"]).contains {
        $0.hasPrefix("Fixtures/rewards/events")
      })
  }

  @Test(.enabled(if: isThere("zsh"))) func zshReadsItsScript() throws {
    let found = try Shell.run(
      "assay --generate-completion-script zsh > \"$WORK/_assay\" && zsh -n \"$WORK/_assay\" && grep -c '#compdef assay' \"$WORK/_assay\""
    )
    #expect(found == CommandCase.Outcome(output: "1\n", errors: "", exitCode: 0))
  }

  @Test(.enabled(if: isThere("fish"))) func fishCompletes() throws {
    func offered(_ line: String) throws -> String {
      let found = try Shell.run(
        "assay --generate-completion-script fish > \"$WORK/assay.fish\" && HOME=\"$WORK\" fish -c 'source $WORK/assay.fish; complete --do-complete \"\(line)\"'"
      )
      #expect(found.exitCode == 0, "\(found)")
      return found.output
    }
    #expect(try offered("assay ").contains("schema"))
    #expect(try offered("assay check --format ").contains("sarif"))
    #expect(try offered("assay check Rul").contains("Rules"))
  }
}
