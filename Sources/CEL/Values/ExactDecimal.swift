/// All decimal digits of a double: its value is a whole number divided by a power of ten, without rounding.
struct ExactDecimal {
  /// Significant digits, 0 to 9, the first one not 0; empty for zero.
  private(set) var digits: [UInt8]
  /// How many of them stand before the point; may be negative or beyond their number.
  private(set) var point: Int

  /// Of the magnitude; `number` must be finite.
  init(_ number: Double) {
    let magnitude = number.magnitude
    guard magnitude > 0, magnitude.isFinite else {
      (digits, point) = ([], 0)
      return
    }
    // Magnitude is `significand` times two to the power of `exponent`; half powers are fives over tens.
    let isSubnormal = magnitude.exponentBitPattern == 0
    let significand = magnitude.significandBitPattern | (isSubnormal ? 0 : 1 << 52)
    let exponent = (isSubnormal ? 1 : Int(magnitude.exponentBitPattern)) - 1_075
    var limbs = [UInt32(significand % 1_000_000_000), UInt32(significand / 1_000_000_000 % 1_000_000_000)]
    ExactDecimal.multiply(&limbs, by: exponent < 0 ? 5 : 2, times: exponent.magnitude)
    var digits: [UInt8] = []
    for limb in limbs.reversed() {
      var scale: UInt32 = 100_000_000
      while scale > 0 {
        digits.append(UInt8(limb / scale % 10))
        scale /= 10
      }
    }
    let leading = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leading)
    point = digits.count - (exponent < 0 ? -exponent : 0)
    self.digits = digits
  }

  /// Multiplies a number in limbs of nine decimal digits, the lowest first, by a small factor again and again.
  private static func multiply(_ limbs: inout [UInt32], by factor: UInt64, times: UInt) {
    var left = times
    while left > 0 {
      var step: UInt64 = 1
      while left > 0, step * factor < 1_000_000_000 {
        step *= factor
        left -= 1
      }
      var carry: UInt64 = 0
      for index in limbs.indices {
        let product = UInt64(limbs[index]) * step + carry
        limbs[index] = UInt32(product % 1_000_000_000)
        carry = product / 1_000_000_000
      }
      if carry > 0 { limbs.append(UInt32(carry)) }
    }
  }

  /// Keeps `count` digits before and behind the point together, rounded to the nearest number and to the even one of two;
  /// a carry may add a digit in front.
  mutating func round(toDigits count: Int) {
    guard count < digits.count else { return }
    guard count >= 0 else {
      digits = []
      return
    }
    let rest = digits[count...]
    let isOdd = count > 0 && digits[count - 1] % 2 == 1
    let isAboveHalf = rest[count] > 5 || (rest[count] == 5 && rest.dropFirst().contains { $0 > 0 })
    let roundsUp = isAboveHalf || (rest[count] == 5 && isOdd)
    digits.removeSubrange(count...)
    guard roundsUp else { return }
    var index = count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 {
      digits[index] += 1
    } else {
      digits.insert(1, at: 0)
      point += 1
    }
  }

  /// With `precision` digits behind the point: `-1.250`.
  static func fixed(_ number: Double, precision: Int) -> [UInt8] {
    var decimal = ExactDecimal(number)
    decimal.round(toDigits: decimal.point + precision)
    var text: [UInt8] = number.sign == .minus ? [UInt8(ascii: "-")] : []
    if decimal.point <= 0 { text.append(UInt8(ascii: "0")) }
    for position in min(decimal.point, 0)..<decimal.point + precision {
      if position == decimal.point { text.append(UInt8(ascii: ".")) }
      text.append(UInt8(ascii: "0") + decimal.digit(position))
    }
    return text
  }

  /// One digit before the point, `precision` behind it, and the power of ten: `1.250e+03`.
  static func scientific(_ number: Double, precision: Int) -> [UInt8] {
    var decimal = ExactDecimal(number)
    decimal.round(toDigits: 1 + precision)
    var text: [UInt8] = number.sign == .minus ? [UInt8(ascii: "-")] : []
    for position in 0...precision {
      if position == 1 { text.append(UInt8(ascii: ".")) }
      text.append(UInt8(ascii: "0") + decimal.digit(position))
    }
    let exponent = decimal.digits.isEmpty ? 0 : decimal.point - 1
    text += [UInt8(ascii: "e"), UInt8(ascii: exponent < 0 ? "-" : "+")]
    if exponent.magnitude < 10 { text.append(UInt8(ascii: "0")) }
    return text + String(exponent.magnitude).utf8
  }

  /// The digit at a position; zeros lie on both sides of those that are kept.
  private func digit(_ position: Int) -> UInt8 { digits.indices.contains(position) ? digits[position] : 0 }
}
