/// A number with a comma between groups of three digits: `1,234,567`.
func grouped(_ number: some BinaryInteger) -> String {
  (number < 0 ? "-" : "") + grouped(digits: String(number.magnitude))
}

/// Digits with a comma between groups of three.
func grouped(digits: some StringProtocol) -> String {
  var result = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { result += "," }
    result.append(digit)
  }
  return result
}
