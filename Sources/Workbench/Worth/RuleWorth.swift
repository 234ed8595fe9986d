package import RuleSets

/// What one rule is worth.
package struct RuleWorth: Hashable, Sendable {
  /// The rule; index into `Tally.rules`.
  package let rule: Int
  /// Events for which it fired against all others, whatever their types.
  package let fired: Confusion
  /// By level: events that only this rule raised: without it they would have come to a milder outcome than the level. For a
  /// shadow rule those that it would raise if it were live.
  package let marginal: [CatchLevel: StakesByTruth]
}

/// Two rules that fired for the same event; indices into `Tally.rules`.
package struct RulePair: Hashable, Sendable {
  /// The smaller index.
  package let first: Int
  package let second: Int

  /// `first` is the smaller index.
  package init(first: Int, second: Int) { (self.first, self.second) = (first, second) }
}

extension Tally {
  /// What each rule is worth, in the rule set's order, at the rule set's thresholds; a breaker is left out.
  ///
  /// A floor that a rule sets because it has no answer is nobody's catch. Events of merged kinds have no rules.
  package var ruleWorths: [RuleWorth] {
    let totals = self.totals
    var fired = Array(repeating: StakesByTruth(), count: rules.count)
    var marginal = Array(
      repeating: Dictionary(uniqueKeysWithValues: CatchLevel.allCases.map { ($0, StakesByTruth()) }),
      count: rules.count)
    for (kind, count) in kinds {
      let outcome = kind.outcome(at: thresholds)
      let live = live(kind)
      for rule in live {
        fired[rule].add(count, of: kind)
        let without = self.outcome(of: kind, live.filter { $0 != rule })
        for level in CatchLevel.allCases where without < level.outcome && outcome >= level.outcome {
          marginal[rule][level]?.add(count, of: kind)
        }
      }
      for rule in shadow(kind) {
        fired[rule].add(count, of: kind)
        let with = self.outcome(of: kind, live + [rule])
        for level in CatchLevel.allCases where outcome < level.outcome && with >= level.outcome {
          marginal[rule][level]?.add(count, of: kind)
        }
      }
    }
    return rules.indices.map { rule in
      var confusion = Confusion()
      confusion.raised = fired[rule]
      confusion.passed = totals.without(fired[rule])
      return RuleWorth(rule: rule, fired: confusion, marginal: marginal[rule])
    }
  }

  /// What an event of `kind` would have come to if exactly `live` had fired.
  package func outcome(of kind: TallyKind, _ live: [Int]) -> Outcome {
    var (score, decided, isExcused) = (0, Outcome.allow, false)
    for rule in live where rules.indices.contains(rule) {
      score += rules[rule].score
      decided = max(decided, rules[rule].decide ?? .allow)
      if rules[rule].decide == .allow { isExcused = true }
    }
    return thresholds.outcome(score: score, least: max(decided, kind.floor), isExcused: isExcused)
  }

  /// How often two rules fired for the same event, live or shadow; pairs that never did are not there.
  package var overlaps: [RulePair: StakesByTruth] {
    var overlaps: [RulePair: StakesByTruth] = [:]
    for (kind, count) in kinds {
      let fired = (live(kind) + shadow(kind)).sorted()
      for (index, second) in fired.enumerated() {
        for first in fired[..<index] {
          overlaps[RulePair(first: first, second: second), default: StakesByTruth()].add(count, of: kind)
        }
      }
    }
    return overlaps
  }
}

/// What became of the frauds of one kind.
package struct FraudWorth: Hashable, Sendable {
  /// Index into `Labels.kinds`.
  package let kind: Int
  package internal(set) var blocked = Stake()
  package internal(set) var reviewed = Stake()
  package internal(set) var allowed = Stake()

  /// Of the frauds of this kind, the part that was reviewed or blocked, or blocked.
  package func recall(_ level: CatchLevel) -> Rate {
    let caught = blocked.events + (level == .reviewed ? reviewed.events : 0)
    return Rate(caught, of: blocked.events + reviewed.events + allowed.events)
  }
}

extension Tally {
  /// What became of each kind of fraud that was met, as it was decided; by index of the kind.
  package var fraudWorths: [FraudWorth] {
    var worths: [Int: FraudWorth] = [:]
    for (kind, count) in kinds {
      guard let fraud = kind.label.kind else { continue }
      var worth = worths[fraud] ?? FraudWorth(kind: fraud)
      switch kind.outcome {
      case .block: worth.blocked.add(count, currency: kind.currency)
      case .review: worth.reviewed.add(count, currency: kind.currency)
      case .allow: worth.allowed.add(count, currency: kind.currency)
      }
      worths[fraud] = worth
    }
    return worths.values.sorted { $0.kind < $1.kind }
  }
}
