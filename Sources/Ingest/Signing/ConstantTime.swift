/// Comparisons that take as long for what is nearly right as for what is all wrong.
enum ConstantTime {
  /// Whether `sent` spells `digest` in hexadecimal digits, of either case.
  static func isHexadecimal(_ sent: [UInt8], of digest: some Sequence<UInt8>) -> Bool {
    let expected = Hexadecimal.text(of: digest)
    guard sent.count == expected.count else { return false }
    var difference: UInt8 = 0
    for (mine, theirs) in zip(expected, sent) {
      let lower = UInt8(ascii: "A")...UInt8(ascii: "F") ~= theirs ? theirs | 0x20 : theirs
      difference |= mine ^ lower
    }
    return difference == 0
  }
}
