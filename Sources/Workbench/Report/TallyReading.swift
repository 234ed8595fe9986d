internal import RuleSets

/// What the report takes from a tally.
enum TallyReading {
  /// Rules that the matrix of overlaps shows.
  private static let overlapMax = 20

  /// The tally's currencies, the most frequent first.
  static func currencyOrder(_ tally: Tally) -> [Int] {
    var events = Array(repeating: 0, count: tally.currencies.count)
    for (kind, count) in tally.kinds {
      if let currency = kind.currency { events[currency] += count.events }
    }
    return events.indices.sorted { (events[$1], $0) < (events[$0], $1) }
  }

  /// Kinds without what thresholds do not look at; in an order of their own, so that nothing depends on hashing.
  static func profiles(_ tally: Tally, order: [Int]) -> [ReplayReport.Profile] {
    struct Key: Hashable {
      let score: Int
      let floor: Outcome
      let isExcused: Bool
      let truth: Label.Truth
      let currency: Int?
    }
    var places = Array(repeating: 0, count: order.count)
    for (place, currency) in order.enumerated() { places[currency] = place }
    var sums: [Key: TallyCount] = [:]
    for (kind, count) in tally.kinds {
      let key = Key(
        score: kind.score, floor: kind.least, isExcused: kind.isExcused, truth: kind.label.truth,
        currency: kind.currency.map { places[$0] })
      sums[key, default: TallyCount()].events += count.events
      sums[key, default: TallyCount()].amount += count.amount
    }
    let profiles = sums.map { key, count in
      ReplayReport.Profile(
        score: key.score, floor: key.floor, isExcused: key.isExcused, truth: key.truth,
        currency: key.currency,
        count: count.events, amount: count.amount)
    }
    return profiles.sorted { $0.place.lexicographicallyPrecedes($1.place) }
  }

  static func labels(_ labels: Labels, _ tally: Tally, files: [String]) -> ReplayReport.LabelSource {
    var source = ReplayReport.LabelSource()
    source.files = files
    source.withoutEvent = labels.unmetCount
    source.others = labels.unlabelled.truth
    source.kinds = tally.fraudWorths.map { worth in
      let caught = worth.blocked.events + worth.reviewed.events
      let name = labels.kinds.indices.contains(worth.kind) ? labels.kinds[worth.kind] : ""
      return (name: name, events: caught + worth.allowed.events, alerts: caught)
    }.sorted { ($1.events, $0.name) < ($0.events, $1.name) }
    return source
  }

  static func overlap(_ tally: Tally, rules: [ReplayReport.RuleRow]) -> ReplayReport.Overlap {
    var overlap = ReplayReport.Overlap()
    let fired = rules.indices.filter { rules[$0].hits > 0 }
    overlap.rules = Array(fired.sorted { (rules[$1].hits, $0) < (rules[$0].hits, $1) }.prefix(overlapMax))
    overlap.counts = overlap.rules.map { row in overlap.rules.map { $0 == row ? rules[row].hits : 0 } }
    let places = Dictionary(uniqueKeysWithValues: overlap.rules.enumerated().map { ($0.element, $0.offset) })
    for (pair, stakes) in tally.overlaps {
      guard let first = places[pair.first], let second = places[pair.second] else { continue }
      overlap.counts[first][second] = stakes.events
      overlap.counts[second][first] = stakes.events
    }
    return overlap
  }

  static func amount(_ stakes: StakesByTruth, _ currency: Int, fraudOnly: Bool) -> Int128 {
    if fraudOnly { return stakes.fraud.amount(currency) }
    return Label.Truth.allCases.reduce(0) { $0 + stakes[$1].amount(currency) }
  }
}

extension ReplayReport.Profile {
  /// What profiles are sorted by.
  fileprivate var place: [Int] { [score, floor.rank, isExcused ? 1 : 0, truth.rawValue, currency ?? -1] }
}
