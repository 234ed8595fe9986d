import CEL
import CELRegex

/// The example of the documentation's first page.
enum DocumentationExample {
  /// What it prints, a line each.
  static func run() -> [String] {
    var lines: [String] = []
    func print(_ line: String) { lines.append(line) }
    show(print)
    return lines
  }

  private static func show(_ print: (String) -> Void) {
    // The page shows the lines below.
    // What expressions may name: each name has a type and a slot of the frame that it is read from.
    let environment = Environment(
      variables: [
        .init(name: "payouts_24h", type: .int, slot: 0),
        .init(name: "user.email", type: .string, slot: 1),
        .init(name: "device.os", type: .enumeration(["android", "ios"]), slot: 2),
      ],
      regularExpressions: RE2Engine())

    // Parse, check and prepare; what is wrong with the text is found here, all of it.
    func prepare(_ source: String) throws(ExpressionDiagnostics) -> Program {
      let checked = try Expression.parse(source).check(in: environment, expecting: .bool)
      return try Program(checked, in: environment)
    }
    do throws(ExpressionDiagnostics) {
      _ = try prepare(#"payouts_24 > 3 && device.os == "andriod""#)
    } catch {
      for finding in error.all { print("\(finding.message): \(finding.hint ?? "")") }
    }

    // A frame holds the values of one event; what is not put into it is missing.
    var frame = Frame(slotCount: 3)
    let email = frame.store("player@example.com")
    frame.slots[0] = .int(4)
    frame.slots[1] = email

    // A program runs any number of times, from any number of threads.
    for source in [
      #"payouts_24h > 3 && user.email.matches("@example[.](com|org)$")"#,
      #"payouts_24h > 3 && device.os == "android""#,
      #"payouts_24h > 9 && device.os == "android""#,
      #"100 / (payouts_24h - 4) > 1"#,
    ] {
      do throws(EvaluationFailure) {
        guard let program = try? prepare(source) else { continue }
        print(try program.holds(frame) ? "holds" : "does not hold")
      } catch {
        switch error {
        case .unknown(let slots): print("missing: \(slots.map { environment.variables[$0].name })")
        case .error(let error): print("failed: \(error.message)")
        }
      }
    }
    // The page shows the lines above.
  }
}
