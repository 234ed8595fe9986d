internal import Assay
internal import Dispatch
package import RuleSets
internal import Windows

/// Tries the mutants of a rule set against its tests.
package struct MutantRun: Sendable {
  private let rules: RuleSet
  private let sources: SourceFiles

  /// Of `rules`, whose tests all pass, and whose files `sources` has.
  package init(_ rules: RuleSet, sources: SourceFiles) {
    self.rules = rules
    self.sources = sources
  }

  /// Tries the mutants of the rules, features and files whose name contains `filter`, at most `max` of them, evenly
  /// spread. Those that are no rule set are not counted. The work is shared between the processor's cores.
  package func run(filter: String? = nil, max: Int? = nil) -> MutantReport {
    var mutants = MutantMaker(rules, sources: sources).all().filter { $0.matches(filter) }
    let made = mutants.count
    if let max, max < made { mutants = (0..<Swift.max(max, 0)).map { mutants[$0 * made / max] } }
    let chosen = mutants
    let variants = ListVariants(rules)
    let fates = Guarded([MutantFate](repeating: .noRuleSet, count: chosen.count))
    DispatchQueue.concurrentPerform(iterations: chosen.count) { index in
      let fate = fate(of: chosen[index], variants)
      fates.withLock { $0[index] = fate }
    }
    return report(zip(chosen, fates.withLock { $0 }), leftOut: made - chosen.count)
  }

  private func fate(of mutant: Mutant, _ variants: ListVariants) -> MutantFate {
    guard let changed = rules.changed(mutant.part, to: mutant.content) else { return .noRuleSet }
    let reach = MutantReach(mutant.part, in: rules)
    let bench = TestBench(changed)
    let tests = rules.tests.filter { reach.includes($0) }
    for test in tests.filter({ reach.isAbout($0) }) + tests.filter({ !reach.isAbout($0) }) {
      if test.lists.isEmpty {
        if bench.fails(test) { return .noticed }
      } else if let other = variants[test]?.changed(mutant.part, to: mutant.content),
        TestBench(other).fails(test)
      {
        return .noticed
      }
    }
    return .survived(MissingLine(mutant, rules, changed, reach).text)
  }

  private func report(
    _ fates: Zip2Sequence<[Mutant], [MutantFate]>, leftOut: Int
  ) -> MutantReport {
    var report = MutantReport(leftOut: leftOut)
    for (mutant, fate) in fates {
      switch fate {
      case .noRuleSet: continue
      case .noticed: report.count(mutant, isNoticed: true)
      case .survived(let line):
        report.count(mutant, isNoticed: false)
        let position = mutant.part.position(of: mutant.range, in: sources)
        report.survivors.append(
          MutantReport.Survivor(
            mutant, line: position.line, column: position.column, missing: line))
      }
    }
    return report
  }
}

/// What became of a mutant.
private enum MutantFate: Sendable {
  /// It has errors: nobody could load it.
  case noRuleSet
  case noticed
  /// With the line that a test lacks.
  case survived(String)
}

/// The rule set with the lists of tests that have some of their own, compiled once each.
private final class ListVariants: Sendable {
  private let variants: [String: RuleSet]

  init(_ rules: RuleSet) {
    var variants: [String: RuleSet] = [:]
    for test in rules.tests where !test.lists.isEmpty {
      variants[Self.key(test)] = rules.changed(lists: test.lists)
    }
    self.variants = variants
  }

  subscript(test: AuthorTest) -> RuleSet? { variants[Self.key(test)] }

  private static func key(_ test: AuthorTest) -> String { "\(test.file):\(test.line)" }
}

extension Mutant {
  /// The rule's id or the feature's name.
  package var owner: String {
    switch part.owner {
    case .rule(let id): id
    case .feature(let name): name
    }
  }

  fileprivate func matches(_ filter: String?) -> Bool {
    guard let filter else { return true }
    return owner.contains(filter) || part.file.contains(filter)
  }
}
