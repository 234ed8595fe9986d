extension String {
  /// The text with some of its scalars written otherwise; those for which `spelling` is nil stay.
  func replacingScalars(_ spelling: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in unicodeScalars {
      if let spelled = spelling(scalar) {
        result += spelled
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
