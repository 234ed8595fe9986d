import CEL
import Foundation
import TestSupport
import Testing
import Workbench

/// The typed form of values, and the JSON it is written in.
@Suite struct TypedValueTests {
  @Test(arguments: [
    #"{"type":"null","value":null}"#, #"{"type":"bool","value":true}"#,
    #"{"type":"int64","value":"-9223372036854775808"}"#,
    #"{"type":"uint64","value":"18446744073709551615"}"#, #"{"type":"double","value":"0.1"}"#,
    #"{"type":"double","value":"NaN"}"#, #"{"type":"double","value":"-Infinity"}"#,
    #"{"type":"string","value":"a\"\\\u0007ü"}"#, #"{"type":"bytes","hex":"00ff"}"#,
    #"{"type":"timestamp","value":"2024-05-01T10:00:00.250Z"}"#, #"{"type":"duration","value":"-1.5s"}"#,
    #"{"type":"type","value":"google.protobuf.Timestamp"}"#,
    #"{"type":"list","value":[{"type":"int64","value":"1"},{"type":"list","value":[]}]}"#,
    #"{"type":"map","value":[[{"type":"string","value":"k"},{"type":"uint64","value":"1"}]]}"#,
  ])
  func readsAndWrites(_ text: String) throws {
    let value = try TypedValue.decode(JSONValue(parsing: text))
    #expect(try TypedValue.encode(value).encoded() == text)
    #expect(try TypedValue.binding(JSONValue(parsing: text)).runtimeType == value.runtimeType)
  }

  @Test(arguments: [
    "1", "{}", #"{"type":"int64","value":"x"}"#, #"{"type":"int64","value":"9223372036854775808"}"#,
    #"{"type":"bytes","hex":"0"}"#, #"{"type":"bytes","hex":"0g"}"#, #"{"type":"list"}"#,
    #"{"type":"map","value":[[]]}"#,
    #"{"type":"nothing","value":1}"#, #"{"type":"timestamp","value":"today"}"#,
    #"{"type":"bool","value":"true"}"#,
  ])
  func refuses(_ text: String) {
    #expect(throws: TypedValue.Failure.self) { try TypedValue.decode(JSONValue(parsing: text)) }
  }

  @Test func plainJSONIsABindingToo() throws {
    let json = try JSONValue(parsing: #"{"type":"payout","n":[1,1.0,1e2,18446744073709551615,null,true]}"#)
    let value = try TypedValue.binding(json)
    let expected =
      #"{"type":"map","value":[[{"type":"string","value":"type"},{"type":"string","value":"payout"}],"#
    #expect(try TypedValue.encode(value).encoded().hasPrefix(expected))
    guard case .map(let map) = value, case .list(let numbers)? = map["n"] else {
      Issue.record("no list")
      return
    }
    #expect(numbers.map(\.runtimeType) == [.int, .double, .double, .uint, .null, .bool])
  }

  @Test func aSharedListIsNotWrittenForEver() throws {
    var value = Value.list([.int(1), .int(2)])
    for _ in 0..<60 { value = .list([value, value]) }
    #expect(throws: TypedValue.Failure.self) { try TypedValue.encode(value) }
  }

  @Test(.enabled(if: SharedData.url("data/conformance/json.json") != nil, "the shared data is not here"))
  func jsonIsStrict() throws {
    let url = try #require(SharedData.url("data/conformance/json.json"))
    let suite = try JSONValue(parsing: String(decoding: Data(contentsOf: url), as: UTF8.self))
    for test in try #require(suite["cases"]?.array) {
      let bytes = Data(base64Encoded: test["base64"]?.text ?? "") ?? Data()
      guard let text = String(validating: bytes, as: UTF8.self) else { continue }
      // What a repeated key means is left to the reader (RFC 8259); here it is JSON, and refused all the same.
      let isAccepted = Self.fault(in: text).map(\.isDuplicate) ?? true
      switch test["expect"]?.text {
      case "accept": #expect(isAccepted, "\(test["name"]?.text ?? "")")
      case "reject": #expect(!isAccepted, "\(test["name"]?.text ?? "")")
      default: break
      }
    }
  }

  private static func fault(in text: String) -> JSONParseError? {
    do {
      _ = try JSONValue(parsing: text)
      return nil
    } catch {
      return error
    }
  }
}
