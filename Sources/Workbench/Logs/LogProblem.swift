internal import Assay
internal import Windows

/// Why a log could not be shown or erased.
package struct LogProblem: Error, Hashable, Sendable {
  /// Lower case, no final period.
  package let message: String
  package let hint: String?

  /// What went wrong with a log; `name` is what its store calls it.
  init(_ error: any Error, log name: String? = nil) {
    switch error {
    case let failure as ArchiveFailure: (message, hint) = (failure.message, failure.hint)
    case let failure as StoreFailure:
      (message, hint) = (
        failure.message + (name.map { ": \($0)" } ?? ""),
        "another program writes there, or another version; `assay forget` erases the log"
      )
    case let refusal as EventRefusal:
      (message, hint) = (refusal.message, "write the value as events have it")
    default: (message, hint) = ("\(error)", nil)
    }
  }
}
