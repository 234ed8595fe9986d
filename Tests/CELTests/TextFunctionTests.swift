import CEL
import Foundation
import TestSupport
import Testing

/// Functions of text against their naive definitions over arrays of code points.
@Suite struct TextFunctionTests {
  private typealias Scalars = [Unicode.Scalar]

  private static let alphabet: Scalars = [
    "a", "b", "A", "©", "α", "😀", "e", "\u{301}", " ", "\u{2003}", "\"", "\\",
  ]

  private struct Source {
    var random: SeededGenerator

    mutating func text(_ countMax: Int) -> Scalars {
      // Two letters more often than not, or nothing would ever be found.
      let letters =
        Bool.random(using: &random) ? Array(TextFunctionTests.alphabet.prefix(2)) : TextFunctionTests.alphabet
      return (0..<Int.random(in: 0...countMax, using: &random)).map { _ in
        letters[Int.random(in: 0..<letters.count, using: &random)]
      }
    }

    mutating func position(_ count: Int) -> Int { Int.random(in: -1...count + 1, using: &random) }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private static func indexOf(_ text: Scalars, _ part: Scalars, _ start: Int) -> Int? {
    guard start >= 0, start <= text.count else { return nil }
    for index in start..<text.count + 1 where text[index...].starts(with: part) { return index }
    return -1
  }

  private static func lastIndexOf(_ text: Scalars, _ part: Scalars, _ limit: Int) -> Int? {
    guard limit >= 0, limit <= text.count else { return nil }
    for index in (0...limit).reversed() where text[index...].starts(with: part) { return index }
    return -1
  }

  /// Parts between occurrences that do not overlap; at most `limit` parts unless it is negative.
  private static func split(_ text: Scalars, _ separator: Scalars, _ limit: Int) -> [Scalars] {
    if limit == 0 { return [] }
    if separator.isEmpty {
      guard limit > 0, limit < text.count else { return text.map { [$0] } }
      return text.prefix(limit - 1).map { [$0] } + [Array(text.dropFirst(limit - 1))]
    }
    var parts: [Scalars] = []
    var rest = text
    while limit < 0 || parts.count < limit - 1, let index = indexOf(rest, separator, 0), index >= 0 {
      parts.append(Array(rest[..<index]))
      rest = Array(rest[(index + separator.count)...])
    }
    return parts + [rest]
  }

  private static func replace(_ text: Scalars, _ old: Scalars, _ new: Scalars, _ limit: Int) -> Scalars {
    var result: Scalars = []
    var count = 0
    var index = 0
    while index <= text.count {
      if limit < 0 || count < limit, text[index...].starts(with: old) {
        result += new
        count += 1
        index += old.count
        if !old.isEmpty { continue }
      }
      if index < text.count { result.append(text[index]) }
      index += 1
    }
    return result
  }

  /// `nil` stands for an error.
  private func check(_ source: String, _ expected: Value?, _ bindings: Bindings, _ note: String) {
    let value = try? bindings.evaluate(source)
    let isSame = expected.map { value?.isEqual(to: $0) ?? false } ?? (value == nil)
    #expect(
      isSame, "\(note): `\(source)` is \(String(describing: value)), not \(String(describing: expected))")
  }

  @Test func agreeWithNaiveDefinitions() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("text functions: seed \(seed)")
    var source = Source(random: SeededGenerator(seed: seed))
    for _ in 0..<4_000 {
      let (text, part, other) = (source.text(12), source.text(3), source.text(3))
      let (first, second) = (source.position(text.count), source.position(text.count))
      let bindings = Bindings([
        ("t", .string, .string(Self.string(text))), ("p", .string, .string(Self.string(part))),
        ("o", .string, .string(Self.string(other))), ("i", .int, .int(Int64(first))),
        ("j", .int, .int(Int64(second))),
      ])
      let note = "seed \(seed): t \(text), p \(part), o \(other), i \(first), j \(second)"
      func written(_ scalars: (some Sequence<Unicode.Scalar>)?) -> Value? {
        scalars.map { .string(Self.string($0)) }
      }
      func list(_ parts: [Scalars]) -> Value { .list(parts.map { .string(Self.string($0)) }) }
      let isInside = 0...text.count ~= first
      check("t.charAt(i)", isInside ? .string(Self.string(text[first...].prefix(1))) : nil, bindings, note)
      check("t.substring(i)", isInside ? .string(Self.string(text[first...])) : nil, bindings, note)
      let isRange = isInside && first <= second && second <= text.count
      check("t.substring(i, j)", isRange ? .string(Self.string(text[first..<second])) : nil, bindings, note)
      check("t.indexOf(p)", Self.indexOf(text, part, 0).map { .int(Int64($0)) }, bindings, note)
      check("t.indexOf(p, i)", Self.indexOf(text, part, first).map { .int(Int64($0)) }, bindings, note)
      check(
        "t.lastIndexOf(p)", Self.lastIndexOf(text, part, text.count).map { .int(Int64($0)) }, bindings, note)
      check(
        "t.lastIndexOf(p, i)", Self.lastIndexOf(text, part, first).map { .int(Int64($0)) }, bindings, note)
      check("t.replace(p, o)", written(Self.replace(text, part, other, -1)), bindings, note)
      check("t.replace(p, o, i)", written(Self.replace(text, part, other, first)), bindings, note)
      check("t.split(p)", list(Self.split(text, part, -1)), bindings, note)
      check("t.split(p, i)", list(Self.split(text, part, first)), bindings, note)
      check("t.split(p).join(p)", written(text), bindings, note)
      check("t.reverse()", written(text.reversed()), bindings, note)
      let trimmed = text.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }
        .reversed()
      check("t.trim()", written(trimmed), bindings, note)
      check("base64.decode(base64.encode(bytes(t)))", .bytes(Array(Self.string(text).utf8)), bindings, note)
      check(
        "base64.encode(bytes(t))", .string(Data(Self.string(text).utf8).base64EncodedString()), bindings, note
      )
      check("t.matches('(?s)^.*$') && t.contains(p) == (t.indexOf(p) >= 0)", .bool(true), bindings, note)
    }
  }

  @Test("Quoted text reads back as itself")
  func quoting() throws {
    let text = String(String.UnicodeScalarView((1...0x2FF).compactMap(Unicode.Scalar.init)))
    let bindings = Bindings([("t", .string, .string(text))])
    guard case .string(let quoted) = try bindings.evaluate("strings.quote(t)") else {
      Issue.record("no text")
      return
    }
    #expect(try bindings.evaluate(quoted).isEqual(to: .string(text)))
  }

  @Test("Fixed and scientific digits are those of C's printf")
  func formatting() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("format: seed \(seed)")
    var random = SeededGenerator(seed: seed)
    var numbers: [Double] = [
      0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.05, 0.95, 9.5, 99.95, 1e15, 1e22, 1e23, .greatestFiniteMagnitude,
      .leastNonzeroMagnitude, .leastNormalMagnitude, 0.1, 1.0 / 3, 123.4999, 4.35, 0.000_1,
    ]
    for _ in 0..<2_000 {
      numbers.append(Double(bitPattern: .random(in: 0 ... .max, using: &random)))
      numbers.append(Double(Int.random(in: -1_000_000...1_000_000, using: &random)) / 1_000)
    }
    for number in numbers where number.isFinite {
      let bindings = Bindings([("x", .double, .double(number))])
      let precision = Int.random(in: 0...20, using: &random)
      for clause in ["f", "e"] {
        let format = "%.\(precision)\(clause)"
        let expected = String(format: format, number)
        let value = try bindings.evaluate("'\(format)'.format([x])")
        #expect(value.isEqual(to: .string(expected)), "seed \(seed): \(format) of \(number): \(value)")
      }
      guard case .string(let plain) = try bindings.evaluate("'%s'.format([x])") else { continue }
      #expect(Double(plain) == number && !plain.contains("e"), "seed \(seed): \(number): \(plain)")
    }
  }
}
