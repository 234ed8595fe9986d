/// Functions of Internet addresses and ranges of them.
struct AddressFunctions {
  /// As the conformance suite has them.
  static let strict = AddressFunctions(acceptsMapped: false).functions
  /// With `Extensions.mappedAddresses`.
  static let lenient = AddressFunctions(acceptsMapped: true).functions

  let acceptsMapped: Bool

  private var functions: [ExtensionFunction] { reading + Self.asking + ranges }

  /// Reading the text of an address, which is short or refused at once.
  static let readingSteps = 16

  /// The function that is asked of many ranges too.
  static let containsIP = "containsIP"

  private var reading: [ExtensionFunction] {
    [
      .function("ip", .init(.string, gives: .ip), .init(.ip, gives: .ip)) { arguments, budget throws(Fault) in
        .ip(try address(arguments, 0, &budget))
      },
      .function("cidr", .init(.string, gives: .cidr), .init(.cidr, gives: .cidr)) {
        arguments, budget throws(Fault) in .cidr(try range(arguments, 0, &budget))
      },
      .function("isIP", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
        try budget.charge(Self.readingSteps)
        return .bool(IPAddress(try arguments.text(0), acceptsMapped: acceptsMapped) != nil)
      },
      .function("isCIDR", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
        try budget.charge(Self.readingSteps)
        return .bool(CIDRRange(try arguments.text(0), acceptsMapped: acceptsMapped) != nil)
      },
      .function("ip.isCanonical", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
        let address = try address(arguments, 0, &budget)
        return .bool(TextOrder.equal(address.text, try arguments.text(0)))
      },
    ]
  }

  private static let asking: [ExtensionFunction] = [
    .method("family", .init(.ip, gives: .int)) { arguments, _ throws(Fault) in
      guard case .ip(let address) = arguments[0] else { throw arguments.mismatch }
      return .int(Int64(address.family))
    },
    test("isUnspecified") { $0.isUnspecified }, test("isLoopback") { $0.isLoopback },
    test("isGlobalUnicast") { $0.isGlobalUnicast }, test("isLinkLocalMulticast") { $0.isLinkLocalMulticast },
    test("isLinkLocalUnicast") { $0.isLinkLocalUnicast },
  ]

  private var ranges: [ExtensionFunction] {
    [
      .method(
        Self.containsIP, .init(.cidr, .ip, gives: .bool), .init(.cidr, .string, gives: .bool),
        .init(.list(.cidr), .ip, gives: .bool), .init(.list(.cidr), .string, gives: .bool)
      ) { arguments, budget throws(Fault) in
        let address = try address(arguments, 1, &budget)
        guard case .list(let ranges) = arguments[0] else {
          return .bool(try Self.own(arguments).contains(address))
        }
        try budget.charge(ranges.count)
        for range in ranges {
          guard case .cidr(let range) = range else { throw arguments.mismatch }
          if range.contains(address) { return .bool(true) }
        }
        return .bool(false)
      },
      .method("containsCIDR", .init(.cidr, .cidr, gives: .bool), .init(.cidr, .string, gives: .bool)) {
        arguments, budget throws(Fault) in
        .bool(try Self.own(arguments).contains(try range(arguments, 1, &budget)))
      },
      .method("ip", .init(.cidr, gives: .ip)) { arguments, _ throws(Fault) in
        .ip(try Self.own(arguments).address)
      },
      .method("masked", .init(.cidr, gives: .cidr)) { arguments, _ throws(Fault) in
        .cidr(try Self.own(arguments).masked)
      },
      .method("prefixLength", .init(.cidr, gives: .int)) { arguments, _ throws(Fault) in
        .int(Int64(try Self.own(arguments).prefixLength))
      },
    ]
  }

  private static func test(
    _ name: String, _ holds: @escaping @Sendable (IPAddress) -> Bool
  ) -> ExtensionFunction {
    .method(name, .init(.ip, gives: .bool)) { arguments, _ throws(Fault) in
      guard case .ip(let address) = arguments[0] else { throw arguments.mismatch }
      return .bool(holds(address))
    }
  }

  /// An address, or the text of one. The text is not shown in an error: it may come from an event.
  func address(
    _ arguments: Arguments, _ position: Int, _ budget: inout Budget
  ) throws(Fault) -> IPAddress {
    if case .ip(let address) = arguments[position] { return address }
    try budget.charge(Self.readingSteps)
    guard let address = IPAddress(try arguments.text(position), acceptsMapped: acceptsMapped) else {
      throw Fault(.invalidConversion, "the text is no `net.IP`")
    }
    return address
  }

  private func range(
    _ arguments: Arguments, _ position: Int, _ budget: inout Budget
  ) throws(Fault) -> CIDRRange {
    if case .cidr(let range) = arguments[position] { return range }
    try budget.charge(Self.readingSteps)
    guard let range = CIDRRange(try arguments.text(position), acceptsMapped: acceptsMapped) else {
      throw Fault(.invalidConversion, "the text is no `net.CIDR`")
    }
    return range
  }

  private static func own(_ arguments: Arguments) throws(Fault) -> CIDRRange {
    guard case .cidr(let range) = arguments[0] else { throw arguments.mismatch }
    return range
  }
}
