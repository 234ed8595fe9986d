import CAssay
import CAssayInterface
import Foundation
import TestSupport
import Testing

/// What a call came to.
struct CAnswer: Equatable {
  let status: assay_status
  /// The answer's text; nil where there was none.
  let text: String?

  /// Takes over what a function of the interface gives, and gives it back to the library.
  init(
    _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>, UnsafeMutablePointer<Int>) -> assay_status
  ) {
    var answer: UnsafeMutablePointer<CChar>?
    var length = -1
    status = call(&answer, &length)
    text = answer.map { String(decoding: UnsafeRawBufferPointer(start: $0, count: length), as: UTF8.self) }
    if let answer, answer[length] != 0 { Issue.record("no NUL ends the answer") }
    assay_free(answer)
  }

  /// Whether it is a problem with this code.
  func isProblem(_ code: String) -> Bool { text?.hasPrefix(#"{"code":"\#(code)","detail":""#) == true }
}

/// An engine behind the C interface, linked into these tests; destroyed with this object.
final class CEngine: @unchecked Sendable {
  static let rewards = SharedData.projectRoot.appending(path: "Rules/rewards").path

  let handle: OpaquePointer
  /// What `assay_create` answered.
  let created: CAnswer

  /// Creates an engine; `change` sets options, whose texts must live as long as the call.
  init(_ folder: String = CEngine.rewards, _ change: (inout assay_options) -> Void = { _ in }) throws {
    var options = assay_options()
    options.size = MemoryLayout<assay_options>.size
    change(&options)
    var handle: OpaquePointer?
    created = CAnswer { assay_create(folder, &options, &handle, $0, $1) }
    self.handle = try #require(handle, "\(created)")
  }

  deinit { assay_destroy(handle) }

  /// Decides one event.
  func decide(_ event: String) -> CAnswer {
    var event = event
    return event.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { bytes in
        CAnswer { assay_decide(handle, bytes.baseAddress, bytes.count, $0, $1) }
      }
    }
  }

  /// Reads the rules again.
  func reload() -> CAnswer { CAnswer { assay_reload(handle, $0, $1) } }

  /// Tells the rules.
  func ruleset() -> CAnswer { CAnswer { assay_ruleset(handle, $0, $1) } }
}
