import Testing
import Workbench

@Suite struct ExpressionBatchTests {
  private func answer(_ line: String) -> String { ExpressionBatch.answer(Array(line.utf8).span).json }

  @Test func valuesHaveTheTypedForm() {
    #expect(answer(#"{"expr":"1 + 1"}"#) == #"{"value":{"type":"int64","value":"2"}}"#)
    #expect(
      answer(#"{"expr":"x + y","bindings":{"x":{"type":"int64","value":"3"},"y":4}}"#)
        == #"{"value":{"type":"int64","value":"7"}}"#)
    #expect(
      answer(#"{"expr":"timestamp('2026-01-05T12:00:00Z').getHours('Europe/Berlin')"}"#)
        == #"{"value":{"type":"int64","value":"13"}}"#)
    #expect(answer(#"{"expr":"'abc'.matches('a.c$')"}"#) == #"{"value":{"type":"bool","value":true}}"#)
  }

  @Test func checkingCanBeLeftOut() {
    #expect(answer(#"{"expr":"x || true"}"#).hasPrefix(#"{"error":{"code":"cel-unknown-name""#))
    #expect(
      answer(#"{"expr":"x || true","disable_check":true}"#) == #"{"value":{"type":"bool","value":true}}"#)
  }

  @Test(arguments: [
    "", "nonsense", "[]", "{}", #"{"expr":1}"#, #"{"expr":"1","bindings":[1]}"#,
    #"{"expr":"1","binding":{}}"#,
    #"{"expr":"1","disable_check":1}"#, #"{"expr":"x","bindings":{"x":{"type":"int64","value":"x"}}}"#,
  ])
  func badLinesGetAnError(line: String) {
    let answer = ExpressionBatch.answer(Array(line.utf8).span)
    #expect(answer.isBadInput)
    #expect(answer.json.hasPrefix(#"{"error":{"code":"bad-input","message":"#))
  }

  @Test func errorsOfAnExpressionAreNoBadInput() {
    for expression in ["1 +", "1 / 0", "x", "1 + 'a'"] {
      let answer = ExpressionBatch.answer(Array(#"{"expr":"\#(expression)"}"#.utf8).span)
      #expect(!answer.isBadInput)
      #expect(answer.json.hasPrefix(#"{"error":"#))
    }
  }
}
