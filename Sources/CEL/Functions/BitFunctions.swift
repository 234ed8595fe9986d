/// Functions of the bits of whole numbers, two's complement.
enum BitFunctions {
  static let functions: [ExtensionFunction] = [
    pair("math.bitAnd") { $0 & $1 }, pair("math.bitOr") { $0 | $1 }, pair("math.bitXor") { $0 ^ $1 },
    .function("math.bitNot", each: [.int, .uint], { .init($0, gives: $0) }) { arguments, _ throws(Fault) in
      switch arguments[0] {
      case .int(let number): .int(~number)
      case .uint(let number): .uint(~number)
      default: throw arguments.mismatch
      }
    },
    shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
  ]

  private static func pair(
    _ name: String, _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> ExtensionFunction {
    .function(name, each: [.int, .uint], { .init($0, $0, gives: $0) }) { arguments, _ throws(Fault) in
      switch (arguments[0], arguments[1]) {
      case (.int(let left), .int(let right)):
        .int(Int64(bitPattern: combine(UInt64(bitPattern: left), UInt64(bitPattern: right))))
      case (.uint(let left), .uint(let right)): .uint(combine(left, right))
      default: throw arguments.mismatch
      }
    }
  }

  /// Zeros come in from either end, for ints too; shifting by 64 and more leaves nothing.
  private static func shift(
    _ name: String, _ move: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> ExtensionFunction {
    .function(name, each: [.int, .uint], { .init($0, .int, gives: $0) }) { arguments, _ throws(Fault) in
      let count = try arguments.int(1)
      guard count >= 0 else { throw Fault(.invalidArgument, "`\(name)` cannot move bits by \(count)") }
      // Swift's shifts beyond the width give zero too.
      return switch arguments[0] {
      case .int(let number):
        .int(Int64(bitPattern: move(UInt64(bitPattern: number), UInt64(count))))
      case .uint(let number): .uint(move(number, UInt64(count)))
      default: throw arguments.mismatch
      }
    }
  }
}
