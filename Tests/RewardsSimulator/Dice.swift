/// A reproducible source of chance.
///
/// Integers and the four operations of IEEE 754 alone, so that a seed gives the same bytes on every machine. Each player has
/// dice of its own: one more player changes no other player's life.
package struct Dice: Sendable {
  private var state: UInt64

  /// Streams of one seed are independent of each other.
  package init(seed: UInt64, stream: UInt64) {
    state = Self.mixed(seed &+ Self.mixed(stream &+ 0x9E37_79B9_7F4A_7C15))
  }

  /// The next 64 bits: a counter, folded by one wide multiplication (Wang Yi's wyrand).
  mutating func next() -> UInt64 {
    state &+= 0xA076_1D64_78BD_642F
    return Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: value ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }

  /// 0 to `bound` - 1; 0 where there is no choice.
  mutating func below(_ bound: Int) -> Int {
    bound > 1 ? Int(next().multipliedFullWidth(by: UInt64(bound)).high) : 0
  }

  /// `low` to `high`, both included.
  mutating func between(_ low: Int, _ high: Int) -> Int { low + below(high - low + 1) }

  /// As `between`, for times and spans.
  mutating func between(_ low: Int64, _ high: Int64) -> Int64 { low + Int64(below(Int(high - low) + 1)) }

  /// 0 to below 1.
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }

  /// `low` to below `high`.
  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }

  mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  /// Like the normal distribution, but never further than 3.5 deviations from the mean: a sum of four equal parts.
  mutating func bell(_ mean: Double, _ deviation: Double) -> Double {
    let sum = unit() + unit() + unit() + unit() - 2
    return mean + deviation * sum * 1.732_050_807_568_877
  }

  /// `low` to `high`, mostly near `low`: what people take for a pause.
  mutating func skewed(_ low: Int64, _ high: Int64) -> Int64 {
    let share = unit()
    return low + Int64(Double(high - low) * share * share * share)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

  /// An index, each as often as its weight says.
  mutating func index(byWeight weights: [Int]) -> Int {
    var rest = below(weights.reduce(0, +))
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return 0
  }

  /// A number that floats about `mean`: its whole part always, the rest as often as it is large.
  mutating func count(_ mean: Double) -> Int {
    let whole = Int(mean)
    return whole + (chance(mean - Double(whole)) ? 1 : 0)
  }

  /// So many hexadecimal digits.
  mutating func hex(_ digits: Int) -> String { text(digits, of: Self.hexadecimal, bits: 4, perDraw: 16) }

  /// So many capital letters and digits, as payment providers number things.
  mutating func token(_ digits: Int) -> String { text(digits, of: Self.capitals, bits: 5, perDraw: 12) }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
  private static let capitals = Array("0123456789ABCDEFGHJKLMNPQRSTUVWX".utf8)

  /// So many characters of an alphabet of 2 to the power of `bits`, `perDraw` of them from each 64 bits.
  private mutating func text(_ digits: Int, of alphabet: [UInt8], bits: Int, perDraw: Int) -> String {
    let mask = UInt64(alphabet.count - 1)
    var drawn: UInt64 = 0
    return String(unsafeUninitializedCapacity: digits) { buffer in
      for place in 0..<digits {
        if place % perDraw == 0 { drawn = next() }
        buffer[place] = alphabet[Int(drawn & mask)]
        drawn >>= UInt64(bits)
      }
      return digits
    }
  }
}
