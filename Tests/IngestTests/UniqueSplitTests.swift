import Ingest
import TestSupport
import Testing

@Suite struct UniqueSplitTests {
  /// The definition: how many ways there are, tried one after another, up to two.
  private static func count(_ text: ArraySlice<UInt8>, _ forms: ArraySlice<ValueForm>) -> Int {
    guard let form = forms.first else { return text.isEmpty ? 1 : 0 }
    var found = 0
    for end in text.startIndex...text.endIndex where form.matches(Array(text[text.startIndex..<end])) {
      found += count(text[end...], forms.dropFirst())
      if found > 1 { break }
    }
    return found
  }

  @Test func agreesWithTheDefinition() {
    let seed = UInt64.random(in: 0...9_999)
    print("seed \(seed)")
    var generator = SeededGenerator(seed: seed)
    let letters = Array("00112ab-".utf8)
    var unique = 0
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...4, using: &generator)
      let forms = (0..<count).map { _ in Self.form(&generator) }
      var values: [[UInt8]] = []
      for form in forms {
        let value =
          form.values?.sorted { $0.lexicographicallyPrecedes($1) }.randomElement(using: &generator)
          ?? (0..<Int.random(in: 0...4, using: &generator)).compactMap { _ in
            letters.randomElement(using: &generator)
          }
        values.append(value)
      }
      guard zip(forms, values).allSatisfy({ $0.matches($1) }) else { continue }
      let isOnly = Self.count(values.flatMap { $0 }[...], forms[...]) == 1
      if isOnly { unique += 1 }
      #expect(
        UniqueSplit.isOnly(values, forms) == isOnly,
        "\(forms) \(values.map { String(decoding: $0, as: UTF8.self) })")
    }
    #expect(unique > 500)
  }

  private static func form(_ generator: inout SeededGenerator) -> ValueForm {
    if Int.random(in: 0..<5, using: &generator) == 0 {
      return ValueForm(values: [Array("1".utf8), Array("12".utf8), Array("ab".utf8)])
    }
    let characters = ValueForm.Characters.allCases.randomElement(using: &generator) ?? .any
    if characters == .integer { return ValueForm(characters: characters) }
    let least = Int.random(in: 1...3, using: &generator)
    let most = [least, least + 1, Int.max].randomElement(using: &generator) ?? least
    return ValueForm(
      characters: characters, lengths: least...most, mayBeEmpty: Bool.random(using: &generator))
  }

  @Test func whatLevelPlaySignsCanBeReadInTwoWays() {
    func isOnly(_ values: [String], _ forms: [ValueForm]) -> Bool {
      UniqueSplit.isOnly(values.map { Array($0.utf8) }, forms)
    }
    let rewards = ValueForm(characters: .integer)
    #expect(!isOnly(["player12", "5"], [ValueForm(), rewards]))
    #expect(isOnly(["player", "5"], [ValueForm(), rewards]))
    #expect(isOnly(["player12", "5"], [ValueForm(lengths: 8...8), rewards]))
    #expect(isOnly(["player1", "-5"], [ValueForm(characters: .alphanumeric), rewards]))
    #expect(!isOnly(["player1", "-5"], [ValueForm(), rewards]))
  }

  /// Long values take no more than a moment.
  @Test func isLinear() {
    let long = [UInt8](repeating: UInt8(ascii: "1"), count: 16_000)
    let forms = [ValueForm](repeating: ValueForm(), count: 16)
    let values = [long] + [[UInt8]](repeating: [UInt8(ascii: "1")], count: 15)
    #expect(!UniqueSplit.isOnly(values, forms))
  }
}
