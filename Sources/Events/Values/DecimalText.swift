/// Numbers that arrive as text: the grammar of JSON and nothing else, neither `+1` nor ` 1`, `01`, `.5` or `0x1`.
enum DecimalText {
  /// Why a text is no number of the wanted type.
  enum Failure: Error {
    case notDecimal
    case outOfRange
  }

  static func integer(_ text: Span<UInt8>) throws(Failure) -> Int64 {
    let digits = try integerDigits(text)
    guard digits.upperBound == text.count else { throw .notDecimal }
    let negative = digits.lowerBound == 1
    var number: Int64 = 0
    for index in digits {
      let digit = Int64(text[index] - UInt8(ascii: "0"))
      let (tens, overflows) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflowsAgain) =
        negative ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
      guard !overflows, !overflowsAgain else { throw .outOfRange }
      number = sum
    }
    return number
  }

  static func double(_ text: Span<UInt8>) throws(Failure) -> Double {
    var position = try integerDigits(text).upperBound
    if position < text.count, text[position] == UInt8(ascii: ".") {
      position = try pastDigits(text, from: position + 1)
    }
    if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == UInt8(ascii: "-") {
        position += 1
      }
      position = try pastDigits(text, from: position)
    }
    guard position == text.count else { throw .notDecimal }
    let spelling = unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    guard let number = Double(spelling) else { throw .notDecimal }
    guard number.isFinite else { throw .outOfRange }
    return number
  }

  /// The digits before any point, behind an optional minus; a zero stands alone.
  private static func integerDigits(_ text: Span<UInt8>) throws(Failure) -> Range<Int> {
    let start = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
    let end = try pastDigits(text, from: start)
    guard text[start] != UInt8(ascii: "0") || end == start + 1 else { throw .notDecimal }
    return start..<end
  }

  private static func pastDigits(_ text: Span<UInt8>, from start: Int) throws(Failure) -> Int {
    var position = start
    while position < text.count, text[position] &- UInt8(ascii: "0") < 10 { position += 1 }
    guard position > start else { throw .notDecimal }
    return position
  }
}

extension [UInt8] {
  /// Appends the decimal digits of `number`.
  mutating func append(decimal number: UInt64) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = 20
    var rest = number
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    } while rest > 0
    unsafe digits.span.extracting(first..<20).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
