package import RuleSets

/// Makes the edits that findings carry, as far as that leaves fewer findings than there were.
///
/// A mended key may bring to light what its misspelling hid, so edits are made in rounds: all of a round at once and, where
/// that helps nothing yet, those that it brings to light with them; at last one finding at a time. Every round is judged by
/// loading the rule set with what it would be; the files themselves are only read.
package struct Mending: Sendable {
  /// Files that change, with what they held and what they will hold, in the order of their paths.
  package let changes: [FileChange]
  /// How many edits were made.
  package let editCount: Int
  /// The rule set as it is then.
  package let loaded: LoadedRuleSet

  /// More rounds than mistakes hide behind each other; each makes progress or is the last.
  private static let roundsMax = 20
  /// How many mistakes hide behind one another at one place.
  private static let depthMax = 4
  /// Findings that are tried one by one in a round; each is a load of the whole rule set.
  private static let triedMax = 25

  /// Works out what to change in the rule set in `folder`.
  package init(_ folder: String, _ first: LoadedRuleSet) {
    var state = State(folder: folder, loaded: first)
    for _ in 0..<Self.roundsMax {
      let mendable = state.loaded.diagnostics.filter { !$0.edits.isEmpty }
      if mendable.isEmpty { break }
      if state.takeAll() { continue }
      // Offsets move with the first edit that is made: the others are found anew in the next round.
      guard mendable.prefix(Self.triedMax).contains(where: { state.take($0.edits) }) else { break }
    }
    loaded = state.loaded
    editCount = state.editCount
    changes = state.contents.keys.sorted().compactMap { path in
      guard let before = first.sources[path]?.bytes, let after = state.contents[path], before != after else {
        return nil
      }
      return FileChange(path: path, before: before, after: after)
    }
  }

  private struct State {
    let folder: String
    var loaded: LoadedRuleSet
    var contents: [String: [UInt8]] = [:]
    var editCount = 0

    /// Makes every edit, and those of what that brings to light, until less is wrong than before; keeps none otherwise.
    mutating func takeAll() -> Bool {
      var trial = self
      for _ in 0..<Mending.depthMax {
        let edits = trial.loaded.diagnostics.flatMap(\.edits)
        guard !edits.isEmpty, let next = trial.with(edits) else { return false }
        trial = next
        if Weight(trial.loaded) < Weight(loaded) {
          self = trial
          return true
        }
      }
      return false
    }

    /// Makes the edits and keeps them if that leaves fewer errors, those of YAML first, or as many and fewer warnings.
    mutating func take(_ edits: [Diagnostic.Edit]) -> Bool {
      guard let trial = with(edits), Weight(trial.loaded) < Weight(loaded) else { return false }
      self = trial
      return true
    }

    private func with(_ edits: [Diagnostic.Edit]) -> State? {
      var trial = self
      for (path, edits) in Dictionary(grouping: edits, by: \.place.file) {
        guard let bytes = loaded.sources[path]?.bytes else { return nil }
        trial.contents[path] = TextEdits.apply(edits, to: bytes)
      }
      trial.loaded = RuleSetLoader.load(folder: folder, replacing: trial.contents)
      trial.editCount += Set(edits).count
      return trial
    }
  }

  /// How much is wrong with a rule set.
  private struct Weight: Comparable {
    /// What is no YAML hides every other mistake of its file.
    let unreadable: Int
    let errors: Int
    let warnings: Int

    init(_ loaded: LoadedRuleSet) {
      unreadable = loaded.diagnostics.count { $0.code.hasPrefix("yaml-") }
      // Errors are shown before warnings are: whatever is omitted counts with them.
      errors = loaded.diagnostics.count { $0.severity == .error } + loaded.findings.omitted
      warnings = loaded.diagnostics.count { $0.severity == .warning }
    }

    static func < (left: Self, right: Self) -> Bool {
      (left.unreadable, left.errors, left.warnings) < (right.unreadable, right.errors, right.warnings)
    }
  }
}
