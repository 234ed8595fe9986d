import RuleSets
import Testing

/// YAML 1.2 core schema, not 1.1.
struct YAMLScalarResolutionTests {
  private func resolve(_ text: String, _ style: YAMLScalar.Style = .plain) -> ResolvedScalar {
    YAMLScalar(text: text, style: style).resolved
  }

  @Test("null and booleans in their three spellings, and nothing else")
  func words() {
    for text in ["", "~", "null", "Null", "NULL"] { #expect(resolve(text) == .null) }
    for text in ["true", "True", "TRUE"] { #expect(resolve(text) == .bool(true)) }
    for text in ["false", "False", "FALSE"] { #expect(resolve(text) == .bool(false)) }
    for text in ["no", "yes", "on", "off", "y", "n", "nULL", "tRUE", "None", "1:30", "2024-05-01", "<<", "="]
    {
      #expect(resolve(text) == .string(text))
    }
  }

  @Test("integers are decimal, octal with 0o and hexadecimal with 0x")
  func integers() {
    let known: [(String, Int64)] = [
      ("0", 0), ("-0", 0), ("012", 12), ("+12", 12), ("-7", -7), ("0o17", 15), ("0xfF", 255),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("0x7fffffffffffffff", .max),
    ]
    for (text, value) in known { #expect(resolve(text) == .int(value), "\(text)") }
    let strings = [
      "0b1", "1_000", "0o8", "0xg", "0o", "0x", "-0x1", "+0o7", "+", "-", "1 2", "--1", "0x-1", "0x+1", "١",
    ]
    for text in strings { #expect(resolve(text) == .string(text), "\(text)") }
    for text in ["9223372036854775808", "-9223372036854775809", "0xffffffffffffffff", "1e999"] {
      #expect(resolve(text) == .outOfRange, "\(text)")
    }
  }

  @Test("floats need a digit on one side of the point")
  func floats() {
    let known: [(String, Double)] = [
      ("1.5", 1.5), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("1e3", 1000), ("1.e3", 1000),
      ("+1.25E-2", 0.0125),
      ("685.230_15".replacing("_", with: ""), 685.23015), (".inf", .infinity), ("+.INF", .infinity),
      ("-.Inf", -.infinity), ("-0.0", 0),
    ]
    for (text, value) in known { #expect(resolve(text) == .double(value), "\(text)") }
    for text in [".nan", ".NaN", ".NAN"] {
      guard case .double(let value) = resolve(text) else {
        Issue.record("\(text) is no float")
        continue
      }
      #expect(value.isNaN)
    }
    for text in [".", "e3", "1e", "1e+", "1.2.3", "inf", "nan", "+.nan", "-.e1", "0x1p3", "infinity"] {
      #expect(resolve(text) == .string(text), "\(text)")
    }
  }

  @Test("quoted and block text is a string whatever it says")
  func quoted() {
    for style in [YAMLScalar.Style.singleQuoted, .doubleQuoted, .literal, .folded] {
      for text in ["", "null", "true", "1", "1.5"] { #expect(resolve(text, style) == .string(text)) }
    }
  }
}
