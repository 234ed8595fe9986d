import CEL
import TestSupport
import Testing

/// Addresses and ranges at every boundary, and against naive definitions.
@Suite struct AddressTests {
  @Test(
    "Text that is an address, and how it is written",
    arguments: [
      ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("1.20.255.0", "1.20.255.0"),
      ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::A", "2001:db8::a"),
      ("2001:db8:0:0:0:0:0:1", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
      ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("0:0:1:0:1:0:1:0", "::1:0:1:0:1:0"),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
      ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
      ("00ab::0001", "ab::1"), ("::ffff:c0a8:1", "192.168.0.1"), ("::FFFF:0:0", "0.0.0.0"),
      ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::102:304"),
      ("::fffe:1.2.3.4", "::fffe:102:304"),
    ])
  func addresses(text: String, written: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.text == written)
    #expect(IPAddress(written) == address)
  }

  @Test(
    "Text that is none",
    arguments: [
      "", " ", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.04", "1.2.3.00", "1.2.3.-4",
      "1.2.3.+4",
      " 1.2.3.4", "1.2.3.4 ", "1..2.3", ".1.2.3", "1.2.3.", "1.2.3.4/8", "1.2.3.0x1", "1.2.3.1000", "a.b.c.d",
      ":",
      ":::", "::1::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8",
      "1:2:3:4::5:6:7:8", "12345::", "g::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:",
      "fe80::1%eth0",
      "[::1]", "::ffff:1.2.3.4", "0:0:0:0:0:ffff:1.2.3.4", "::1.2.3", "::1.2.3.4.5", "1.2.3.4::",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3.04", "1.2.3.4\0", "\u{661}.2.3.4", "2001:db8::１",
    ])
  func noAddresses(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test("Addresses that sockets for both families write, where they are accepted")
  func mappedAddresses() throws {
    let address = try #require(IPAddress("::ffff:192.0.2.1", acceptsMapped: true))
    #expect(address == IPAddress("192.0.2.1") && address.text == "192.0.2.1")
    #expect(IPAddress("::ffff:192.0.2.256", acceptsMapped: true) == nil)
    #expect(CIDRRange("::ffff:192.0.2.0/120", acceptsMapped: true) == CIDRRange("192.0.2.0/24"))
    #expect(CIDRRange("::ffff:192.0.2.0/24", acceptsMapped: true) == nil)
    var bindings = Bindings([("t", .string, .string("::ffff:10.1.2.3"))])
    #expect(bindings.outcome("ip(t).family()") == "error invalidConversion")
    #expect(bindings.outcome("isIP(t)") == "bool(false)")
    bindings.environment.extensions.insert(.mappedAddresses)
    #expect(bindings.outcome("cidr('10.0.0.0/8').containsIP(t) && ip(t).family() == 4") == "bool(true)")
    #expect(
      try bindings.checked("ip('::ffff:10.1.2.3') == ip(t)").evaluate(bindings.frame).isEqual(to: .bool(true))
    )
  }

  @Test("Long text is refused without being read")
  func longText() {
    #expect(IPAddress(String(repeating: "0", count: 1_000_000)) == nil)
    #expect(CIDRRange(String(repeating: "1:", count: 500_000) + "/1") == nil)
    #expect(IPAddress("0000:0000:0000:0000:0000:0000:192.168.100.228") != nil)
  }

  @Test(
    "Text that is a range, and how it is written",
    arguments: [
      ("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0"), ("10.1.2.3/8", "10.1.2.3/8", "10.0.0.0/8"),
      ("10.1.2.3/32", "10.1.2.3/32", "10.1.2.3/32"),
      ("255.255.255.255/31", "255.255.255.255/31", "255.255.255.254/31"),
      ("::/0", "::/0", "::/0"), ("2001:DB8:ffff::1/33", "2001:db8:ffff::1/33", "2001:db8:8000::/33"),
      ("::1/128", "::1/128", "::1/128"), ("1:2:3:4:5:6:7:8/64", "1:2:3:4:5:6:7:8/64", "1:2:3:4::/64"),
      ("1:2:3:4:5:6:7:8/63", "1:2:3:4:5:6:7:8/63", "1:2:3:4::/63"),
      ("1:2:3:4:5:6:7:8/65", "1:2:3:4:5:6:7:8/65", "1:2:3:4::/65"),
      ("::ffff:c0a8:1/120", "192.168.0.1/24", "192.168.0.0/24"),
    ])
  func ranges(text: String, written: String, masked: String) throws {
    let range = try #require(CIDRRange(text))
    #expect(range.text == written)
    #expect(range.masked.text == masked)
    #expect(range.contains(range.address) && range.contains(range) && range.contains(range.masked))
  }

  @Test(
    "Text that is no range",
    arguments: [
      "", "/", "1.2.3.4", "1.2.3.4/", "/8", "1.2.3.4/33", "1.2.3.4/-1", "1.2.3.4/08", "1.2.3.4/00",
      "1.2.3.4/+8", "1.2.3.4/8/8",
      "1.2.3.4/ 8", "1.2.3.4 /8", "1.2.3/8", "1.2.3.4/255.0.0.0", "::/129", "::/1000", "fe80::1%en0/24",
      "::ffff:192.168.0.1/24", "::ffff:c0a8:1/95", "1.2.3.4/999999999999999999999",
    ])
  func noRanges(text: String) {
    #expect(CIDRRange(text) == nil)
  }

  @Test("A range holds its first and last address and neither neighbour")
  func edges() throws {
    let range = try #require(CIDRRange("192.168.4.0/22"))
    for (text, isInside) in [
      ("192.168.3.255", false), ("192.168.4.0", true), ("192.168.7.255", true), ("192.168.8.0", false),
      ("::c0a8:400", false),
    ] { #expect(range.contains(try #require(IPAddress(text))) == isInside, "\(text)") }
    let everything = try #require(CIDRRange("::/0"))
    #expect(everything.contains(try #require(IPAddress("ffff::"))))
    #expect(!everything.contains(try #require(IPAddress("1.2.3.4"))))
    #expect(try #require(CIDRRange("0.0.0.0/0")).contains(try #require(IPAddress("::ffff:102:304"))))
  }

  @Test(
    "What an address is",
    arguments: [
      ("0.0.0.0", "unspecified"), ("::", "unspecified"), ("127.0.0.0", "loopback"),
      ("127.255.255.255", "loopback"),
      ("126.255.255.255", "global"), ("128.0.0.0", "global"), ("::1", "loopback"), ("::2", "global"),
      ("169.254.0.0", "link-local"), ("169.254.255.255", "link-local"), ("169.253.255.255", "global"),
      ("169.255.0.0", "global"), ("fe80::", "link-local"), ("febf::1", "link-local"), ("fe7f::", "global"),
      ("fec0::", "global"), ("224.0.0.0", "link-local multicast"), ("224.0.0.255", "link-local multicast"),
      ("224.0.1.0", "multicast"), ("239.255.255.255", "multicast"), ("223.255.255.255", "global"),
      ("240.0.0.0", "global"), ("255.255.255.255", "broadcast"), ("255.255.255.254", "global"),
      ("ff02::1", "link-local multicast"), ("ff12::1", "link-local multicast"), ("ff01::1", "multicast"),
      ("feff::1", "global"), ("10.0.0.1", "global"),
    ])
  func kinds(text: String, kind: String) throws {
    let address = try #require(IPAddress(text))
    let found =
      address.isUnspecified
      ? "unspecified"
      : address.isLoopback
        ? "loopback"
        : address.isLinkLocalUnicast
          ? "link-local"
          : address.isLinkLocalMulticast
            ? "link-local multicast"
            : address.isMulticast ? "multicast" : address.isGlobalUnicast ? "global" : "broadcast"
    #expect(found == kind)
    #expect(address.isGlobalUnicast == (kind == "global"))
  }

  /// The 128 bits of an address as text of zeros and ones.
  private func bits(_ address: IPAddress) -> String {
    [address.high, address.low].map { word in
      let digits = String(word, radix: 2)
      return String(repeating: "0", count: 64 - digits.count) + digits
    }.joined()
  }

  @Test("Generated addresses are read back, and ranges hold what shares their bits")
  func generated() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("addresses: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      // Few bits differ, or almost no address would lie in a range.
      let flip = UInt64(1) << UInt64.random(in: 0..<64, using: &random)
      let isShort = Bool.random(using: &random)
      let high =
        isShort ? 0 : UInt64.random(in: 0 ... .max, using: &random) & .random(in: 0 ... .max, using: &random)
      let base = UInt64.random(in: 0 ... .max, using: &random) & .random(in: 0 ... .max, using: &random)
      let low = isShort ? 0xFFFF << 32 | base >> 32 : base
      let address = IPAddress(high: high, low: low)
      #expect(IPAddress(address.text) == address, "seed \(seed): \(address.text)")
      let other =
        Bool.random(using: &random)
        ? IPAddress(high: high, low: low ^ flip) : IPAddress(high: high ^ flip, low: low)
      let length = Int.random(in: 0...(address.family == 4 ? 32 : 128), using: &random)
      let range = try #require(CIDRRange(address: address, prefixLength: length))
      #expect(CIDRRange(range.text) == range, "seed \(seed): \(range.text)")
      let counted = address.family == 4 ? length + 96 : length
      let isInside =
        address.family == other.family && bits(address).prefix(counted) == bits(other).prefix(counted)
      #expect(range.contains(other) == isInside, "seed \(seed): \(range.text) and \(other.text)")
      #expect(bits(range.masked.address).prefix(counted) == bits(address).prefix(counted))
      #expect(!bits(range.masked.address).dropFirst(counted).contains("1"))
    }
  }
}
