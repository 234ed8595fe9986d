/// A number with its noun in the number that fits.
enum Counted {
  /// `1 event`, `0 events`, `3 events`; `plural` where an `s` does not make it.
  static func text(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
  }
}
