import CEL
import Foundation
import TestSupport
import Testing

/// The documentation tells of every function that an author can call.
@Suite struct ExtensionDocumentationTests {
  @Test("Every function of an extension stands on its page")
  func functions() throws {
    let url = SharedData.projectRoot.appending(path: "Sources/CEL/CEL.docc/ExtensionFunctions.md")
    let page = try String(contentsOf: url, encoding: .utf8)
    let known = Set(FunctionTable.standard.callableNames)
    let added = Set(FunctionTable.including(.all).callableNames).subtracting(known)
    #expect(added.count > 50)
    for name in added.sorted() { #expect(page.contains("\(name)("), "\(name)") }
    for macro in Macro.allCases where macro.needed != [] {
      #expect(page.contains("\(macro.rawValue)("), "\(macro.rawValue)")
    }
  }

  @Test("What the page says of constants is so")
  func examples() throws {
    let examples: [(source: String, value: Value)] = [
      ("'tacocat'.charAt(3)", .string("o")), ("'tacocat'.indexOf('a', 3)", .int(5)),
      ("'tacocat'.lastIndexOf('a', 3)", .int(1)), ("'a-b-c'.replace('-', '+', 1)", .string("a+b-c")),
      ("'a,b,c'.split(',', 2)", .list([.string("a"), .string("b,c")])),
      ("['a', 'b'].join('-')", .string("a-b")),
      ("'%s has %d'.format(['a', 1])", .string("a has 1")), ("math.bitAnd(6, 3)", .int(2)),
      ("math.bitOr(6, 3)", .int(7)), ("math.bitXor(6, 3)", .int(5)), ("math.bitNot(6)", .int(-7)),
      ("math.bitShiftRight(-1024, 3)", .int(2_305_843_009_213_693_824)), ("math.sqrt(4)", .double(2)),
      ("ip('::ffff:c000:201') == ip('192.0.2.1')", .bool(true)),
      ("ip.isCanonical('2001:DB8::1')", .bool(false)),
      ("optional.ofNonZeroValue('').hasValue()", .bool(false)),
      ("base64.encode(b'hello')", .string("aGVsbG8=")),
    ]
    for (source, value) in examples {
      #expect(try Bindings().evaluate(source).isEqual(to: value), "\(source)")
    }
  }

  @Test("Values stay small")
  func sizes() {
    #expect(MemoryLayout<Value>.stride == 24)
  }
}
