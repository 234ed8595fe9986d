import ArgumentParser
import CEL
import Glibc
import Workbench

/// `assay eval EXPRESSION` and `assay eval --batch`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Evaluates a CEL expression on its own.",
    discussion: """
      With --batch, reads lines {"expr":…,"bindings":{…},"disable_check":false} from standard input and writes \
      {"value":…} or {"error":…} for each. Bindings and values have the typed form \
      {"type":"int64","value":"1"}; bindings may also be plain JSON.
      """)

  @Argument(help: "The expression; put -- before one that begins with a minus.")
  var expression: String?

  @Option(help: "A JSON object: the names that the expression uses, and their values.")
  var bindings: String?

  @Flag(name: .customLong("disable-check"), help: "Do not check names and types first.")
  var isUnchecked = false

  @Flag(help: "NDJSON in, NDJSON out.")
  var batch = false

  @Option(help: "How to write the value: text (as an expression) or json (the typed form).")
  var format = ReportFormat.text

  @Option(help: "When to colour: auto (on a terminal, without NO_COLOR), always or never.")
  var color = ColorChoice.auto

  func validate() throws {
    if batch, expression != nil || bindings != nil || isUnchecked {
      throw ValidationError("with --batch, expressions and bindings come from standard input")
    }
    if !batch, expression == nil { throw ValidationError("give an expression, or --batch") }
  }

  func run() throws {
    if let expression { try evaluate(expression) } else { try answerLines() }
  }

  private func evaluate(_ expression: String) throws {
    let evaluation = ExpressionEvaluation(expression, bindings: try namedValues(), isUnchecked: isUnchecked)
    let isColored = color.applies(to: STDERR_FILENO)
    switch evaluation.result() {
    case .value(let value): try show(value)
    case .invalid(let diagnostics):
      Terminal.note(ExpressionReport.text(diagnostics, of: expression, color: isColored))
      throw Stop(.findings)
    case .failed(let error):
      Terminal.note(ExpressionReport.text(error, of: expression, color: isColored))
      throw Stop(.findings)
    }
  }

  private func show(_ value: Value) throws {
    do {
      // Also tells a value that is too large to be written in any form.
      let typed = try TypedValue.encode(value)
      try Terminal.print((format == .json ? typed.encoded() : value.text) + "\n")
    } catch let error as TypedValue.Failure {
      throw Stop(.findings, error.message)
    }
  }

  private func namedValues() throws(Stop) -> [ExpressionEvaluation.Binding] {
    guard let bindings else { return [] }
    do {
      return try ExpressionBatch.bindings(bindings)
    } catch {
      throw Stop(.input, "--bindings: \(error.message)", hint: #"write a JSON object, such as {"x": 1}"#)
    }
  }

  /// Answers line by line, so that whoever writes may wait for an answer before the next line.
  private func answerLines() throws {
    var output = BufferedOutput(.output)
    var hasBadInput = false
    do {
      var reader = try LineReader(opening: "-")
      while let found = try reader.next() {
        let answer =
          switch found {
          case .line: ExpressionBatch.answer(reader.line)
          case .tooLong(let bytes): ExpressionBatch.answer(tooLongLineOf: bytes)
          }
        hasBadInput = hasBadInput || answer.isBadInput
        try output.write { $0.append(contentsOf: (answer.json + "\n").utf8) }
        if !reader.hasMore { try output.flush() }
      }
    } catch let error as InputError {
      try output.flush()
      throw Stop(.input, error.description, hint: error.hint)
    }
    try output.flush()
    if hasBadInput { throw Stop(.input) }
  }
}
