internal import CXXHash

/// XXH3, the one hash of this module.
package enum Hashing {
  /// Mixed into the tables of this process, so that crafted keys and ids cannot make them collide. Nothing that a
  /// caller can see depends on it.
  package static let seed = UInt64.random(in: .min ... .max)

  /// 64 bits over the bytes at `range`, which must lie within `bytes`.
  package static func hash(_ bytes: RawSpan, _ range: Range<Int>, seed: UInt64) -> UInt64 {
    let part = bytes.extracting(range)
    return unsafe part.withUnsafeBytes { unsafe cxxhash_64($0.baseAddress, $0.count, seed) }
  }

  /// 128 bits over `bytes`, the same in every process.
  static func digest(_ bytes: RawSpan) -> (low: UInt64, high: UInt64) {
    let digest = unsafe bytes.withUnsafeBytes { unsafe cxxhash_128($0.baseAddress, $0.count, 0) }
    return (digest.low, digest.high)
  }

  /// A quick hash of one integer.
  static func hash(_ value: Int64, seed: UInt64) -> UInt64 {
    var mixed = UInt64(bitPattern: value) ^ seed
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
