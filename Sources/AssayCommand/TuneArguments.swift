import ArgumentParser
import RuleSets
import Workbench

/// Which comparison of a rule is tuned, and what its new value must keep.
struct TuneArguments: ParsableArguments {
  @Option(help: "Which of the rule's comparisons, by its number from 1.")
  var condition: Int?

  @Option(help: "Which of the rule's comparisons, by what it compares.")
  var feature: String?

  @Option(help: "The precision of all rules together to keep, from 0 to 1, also of what is blocked.")
  var precision: Double?

  @Option(help: "Reviews of a day that there is time for, on average; a precision is kept besides.")
  var maxReviewsPerDay: Double?

  func validate() throws {
    if condition != nil, feature != nil {
      throw ValidationError("give `--condition` or `--feature`, not both")
    }
    if let precision, !(0...1).contains(precision) {
      throw ValidationError("`--precision` is a share from 0 to 1")
    }
    if let maxReviewsPerDay, !(0...1e9).contains(maxReviewsPerDay) {
      throw ValidationError("`--max-reviews-per-day` is a number of at least 0")
    }
  }

  /// What a proposed value must keep.
  var goal: TuneGoal { TuneGoal(precision: precision, reviewsPerDayMax: maxReviewsPerDay) }

  /// The comparison that is meant.
  func target(of rule: String, in rules: RuleSet) throws(Stop) -> TuneTarget {
    do {
      return try TuneTarget(rule: rule, condition: condition, feature: feature, in: rules)
    } catch {
      throw Stop(.input, error.message, hint: error.hint)
    }
  }
}
