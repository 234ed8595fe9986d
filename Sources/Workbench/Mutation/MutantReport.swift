internal import RuleSets

/// Which mutants of a rule set its tests notice.
package struct MutantReport: Sendable {
  /// Mutants that were tried.
  package private(set) var tried = 0
  /// Those that made a test fail.
  package private(set) var noticed = 0
  /// Mutants that a limit left out.
  package let leftOut: Int
  /// By kind: how many were tried, and how many noticed.
  package private(set) var kinds: [Mutant.Kind: (tried: Int, noticed: Int)] = [:]
  /// In the order of the rule set's files.
  package internal(set) var survivors: [Survivor] = []

  /// A mutant that no test noticed.
  package struct Survivor: Sendable {
    package let file: String
    package let line: Int
    package let column: Int
    /// The rule's id or the feature's name.
    package let owner: String
    package let isFeature: Bool
    package let kind: Mutant.Kind
    package let was: String
    /// Empty where something was left out.
    package let became: String
    /// What to add to the tests.
    package let missing: String
  }

  init(leftOut: Int) { self.leftOut = leftOut }

  mutating func count(_ mutant: Mutant, isNoticed: Bool) {
    tried += 1
    noticed += isNoticed ? 1 : 0
    let (tried, noticed) = kinds[mutant.kind] ?? (0, 0)
    kinds[mutant.kind] = (tried + 1, noticed + (isNoticed ? 1 : 0))
  }

  /// The part of the mutants that were noticed; 100 where there are none.
  package var percent: Double { tried == 0 ? 100 : Double(noticed) * 100 / Double(tried) }
}

extension MutantReport.Survivor {
  init(_ mutant: Mutant, line: Int, column: Int, missing: String) {
    file = mutant.part.file
    self.line = line
    self.column = column
    owner = mutant.owner
    isFeature = if case .feature = mutant.part.owner { true } else { false }
    kind = mutant.kind
    was = mutant.was
    became = mutant.became
    self.missing = missing
  }
}
