import RuleSets
import Testing

/// Collected, sorted, told once, capped.
struct DiagnosticTests {
  private func finding(
    _ file: String, _ start: Int?, _ code: String = "a-code", severity: Diagnostic.Severity = .error
  ) -> Diagnostic {
    let place = Diagnostic.Place(file: file, span: start.map { $0..<$0 + 1 })
    return Diagnostic(code: code, severity: severity, at: place, message: "m")
  }

  @Test("the order is file, place, code, whatever the order of finding")
  func order() {
    let sorted = [
      finding("a.yaml", nil), finding("a.yaml", 2, "b"), finding("a.yaml", 2, "c"), finding("a.yaml", 10),
      finding("b.yaml", 0),
    ]
    for rotation in 0..<sorted.count {
      var collector = DiagnosticCollector()
      for diagnostic in sorted[rotation...] + sorted[..<rotation] {
        collector.add(diagnostic)
        collector.add(diagnostic)
      }
      #expect(collector.list() == DiagnosticList(all: sorted))
      #expect(collector.errorCount == sorted.count)
    }
  }

  @Test("past the cap the first are shown and the rest counted, and warnings give way to errors")
  func cap() {
    var collector = DiagnosticCollector()
    for start in (0..<5000).reversed() { collector.add(finding("b.yaml", start)) }
    #expect(collector.list().all == (0..<100).map { finding("b.yaml", $0) })
    #expect(collector.list().omitted == 4900)
    #expect(collector.errorCount == 5000)

    collector = DiagnosticCollector()
    for start in 0..<1000 { collector.add(finding("a.yaml", start, severity: .warning)) }
    #expect(!collector.hasErrors)
    collector.add(finding("z.yaml", 0))
    let list = collector.list()
    #expect(list.all.count == 100)
    #expect(list.omitted == 901)
    #expect(list.all.last == finding("z.yaml", 0))
    #expect(list.hasErrors)

    var other = DiagnosticCollector()
    other.add(list)
    #expect(other.list() == list)
  }

  @Test("lines and columns count from 1, columns in Unicode scalars, lines as YAML ends them")
  func positions() {
    let text = SourceText(Array("\u{FEFF}ab\r\né😀x\rz\n".utf8))
    func position(_ offset: Int) -> [Int] {
      [text.position(of: offset).line, text.position(of: offset).column]
    }
    #expect(position(0) == [1, 1])
    #expect(position(3) == [1, 1])
    #expect(position(4) == [1, 2])
    #expect(position(7) == [2, 1])
    #expect(position(9) == [2, 2])
    #expect(position(13) == [2, 3])
    #expect(position(15) == [3, 1])
    #expect(position(17) == [4, 1])
    #expect(position(1000) == [4, 1])
    #expect(position(-5) == [1, 1])
    #expect(text.range(ofLine: 1) == 3..<5)
    #expect(text.range(ofLine: 2) == 7..<14)
    #expect(text.range(ofLine: 4) == 17..<17)
    #expect(text.range(ofLine: 0).isEmpty)
    #expect(text.range(ofLine: 99).isEmpty)
  }
}
