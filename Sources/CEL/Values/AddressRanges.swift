/// Constant ranges of addresses, asked by a binary search.
///
/// Ranges overlap and lie within each other in the lists that people have; here they are joined, so that of those that
/// begin before an address only the last can hold it. The families are apart: an IPv4 address is in no range of IPv6.
final class AddressRanges: Sendable {
  private let v4: Spans<UInt32>
  private let v6: Spans<UInt128>

  init(_ ranges: [CIDRRange]) {
    v4 = Spans(ranges.compactMap(\.v4Bounds))
    v6 = Spans(ranges.compactMap { $0.v4Bounds == nil ? $0.bounds : nil })
  }

  /// The ranges of a list that has nothing else; nil for other lists, and for an empty one.
  convenience init?(_ members: [Value]) {
    let ranges = members.compactMap { if case .cidr(let range) = $0 { range } else { nil } }
    guard !ranges.isEmpty, ranges.count == members.count else { return nil }
    self.init(ranges)
  }

  func contains(_ address: IPAddress) -> Bool {
    address.v4.map(v4.contains) ?? v6.contains(address.number)
  }
}

/// Spans of numbers that neither overlap nor touch, in order, with both ends.
private struct Spans<Number: FixedWidthInteger & Sendable>: Sendable {
  private var firsts: [Number] = []
  private var lasts: [Number] = []

  init(_ bounds: [ClosedRange<Number>]) {
    for span in bounds.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = lasts.last, last == .max || span.lowerBound <= last + 1 {
        lasts[lasts.count - 1] = max(last, span.upperBound)
      } else {
        firsts.append(span.lowerBound)
        lasts.append(span.upperBound)
      }
    }
  }

  func contains(_ number: Number) -> Bool {
    // How many begin at or before the number.
    var (low, high) = (0, firsts.count)
    while low < high {
      let middle = (low + high) / 2
      if firsts[middle] <= number { low = middle + 1 } else { high = middle }
    }
    return low > 0 && number <= lasts[low - 1]
  }
}

extension IPAddress {
  /// All 128 bits.
  fileprivate var number: UInt128 { UInt128(high) << 64 | UInt128(low) }
}

extension CIDRRange {
  /// The first and the last address as numbers; nil for a range of IPv6.
  fileprivate var v4Bounds: ClosedRange<UInt32>? {
    guard let bits = address.v4 else { return nil }
    let host = UInt32.max >> UInt32(prefixLength)
    return bits & ~host...bits | host
  }

  fileprivate var bounds: ClosedRange<UInt128> {
    let host = UInt128.max >> UInt128(prefixLength)
    return address.number & ~host...address.number | host
  }
}
