internal import Windows

extension Aggregation {
  /// Where every value lies that a window gives; nil where that follows from what is aggregated.
  var range: ClosedRange<Double>? {
    switch self {
    case .count, .distinct, .stddev, .gapVariation: 0 ... .infinity
    case .share: 0...1
    case .sum, .mean, .min, .max, .first, .last, .sinceFirst, .sinceLast, .gapMean: nil
    }
  }
}
