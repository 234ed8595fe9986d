import TestSupport

/// Choices of the tests that generate YAML.
extension SeededGenerator {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  mutating func pick(_ choices: [String]) -> String { choices[below(choices.count)] }
}
