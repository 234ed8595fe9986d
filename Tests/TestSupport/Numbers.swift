import Foundation

/// The middle one of several runs.
package func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}

/// The value that this part of the others does not exceed.
package func percentile(_ values: [Int64], _ part: Double) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))])
}

/// A number with so many decimals.
package func text(_ value: Double, _ places: Int = 1) -> String { String(format: "%.\(places)f", value) }

/// Text of at least that width, for tables.
package func column(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
