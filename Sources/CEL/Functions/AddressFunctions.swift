/// Functions of Internet addresses and ranges of them.
enum AddressFunctions {
  static let functions: [ExtensionFunction] = [
    .function("ip", .init(.string, gives: .ip), .init(.ip, gives: .ip)) { arguments, budget throws(Fault) in
      .ip(try address(arguments, 0, &budget))
    },
    .function("cidr", .init(.string, gives: .cidr), .init(.cidr, gives: .cidr)) {
      arguments, budget throws(Fault) in .cidr(try range(arguments, 0, &budget))
    },
    .function("isIP", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
      .bool(IPAddress(try text(arguments, &budget)) != nil)
    },
    .function("isCIDR", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
      .bool(CIDRRange(try text(arguments, &budget)) != nil)
    },
    .function("ip.isCanonical", .init(.string, gives: .bool)) { arguments, budget throws(Fault) in
      let text = try text(arguments, &budget)
      return .bool(TextOrder.equal(try address(arguments, 0, &budget).text, text))
    },
    .method("family", .init(.ip, gives: .int)) { arguments, budget throws(Fault) in
      guard case .ip(let address) = arguments[0] else { throw arguments.mismatch }
      return .int(Int64(address.family))
    },
    test("isUnspecified") { $0.isUnspecified }, test("isLoopback") { $0.isLoopback },
    test("isGlobalUnicast") { $0.isGlobalUnicast }, test("isLinkLocalMulticast") { $0.isLinkLocalMulticast },
    test("isLinkLocalUnicast") { $0.isLinkLocalUnicast },
    .method("containsIP", .init(.cidr, .ip, gives: .bool), .init(.cidr, .string, gives: .bool)) {
      arguments, budget throws(Fault) in
      .bool(try own(arguments).contains(try address(arguments, 1, &budget)))
    },
    .method("containsCIDR", .init(.cidr, .cidr, gives: .bool), .init(.cidr, .string, gives: .bool)) {
      arguments, budget throws(Fault) in
      .bool(try own(arguments).contains(try range(arguments, 1, &budget)))
    },
    .method("ip", .init(.cidr, gives: .ip)) { arguments, _ throws(Fault) in .ip(try own(arguments).address) },
    .method("masked", .init(.cidr, gives: .cidr)) { arguments, _ throws(Fault) in
      .cidr(try own(arguments).masked)
    },
    .method("prefixLength", .init(.cidr, gives: .int)) { arguments, _ throws(Fault) in
      .int(Int64(try own(arguments).prefixLength))
    },
  ]

  /// Reading the text of an address, which is short or refused at once.
  private static let readingSteps = 16

  private static func test(
    _ name: String, _ holds: @escaping @Sendable (IPAddress) -> Bool
  ) -> ExtensionFunction {
    .method(name, .init(.ip, gives: .bool)) { arguments, _ throws(Fault) in
      guard case .ip(let address) = arguments[0] else { throw arguments.mismatch }
      return .bool(holds(address))
    }
  }

  private static func text(_ arguments: Arguments, _ budget: inout Budget) throws(Fault) -> String {
    try budget.charge(readingSteps)
    return try arguments.text(0)
  }

  /// An address, or the text of one. The text is not shown in an error: it may come from an event.
  private static func address(
    _ arguments: Arguments, _ position: Int, _ budget: inout Budget
  ) throws(Fault) -> IPAddress {
    if case .ip(let address) = arguments[position] { return address }
    try budget.charge(readingSteps)
    guard let address = IPAddress(try arguments.text(position)) else {
      throw Fault(.invalidConversion, "the text is no `net.IP`")
    }
    return address
  }

  private static func range(
    _ arguments: Arguments, _ position: Int, _ budget: inout Budget
  ) throws(Fault) -> CIDRRange {
    if case .cidr(let range) = arguments[position] { return range }
    try budget.charge(readingSteps)
    guard let range = CIDRRange(try arguments.text(position)) else {
      throw Fault(.invalidConversion, "the text is no `net.CIDR`")
    }
    return range
  }

  private static func own(_ arguments: Arguments) throws(Fault) -> CIDRRange {
    guard case .cidr(let range) = arguments[0] else { throw arguments.mismatch }
    return range
  }
}
