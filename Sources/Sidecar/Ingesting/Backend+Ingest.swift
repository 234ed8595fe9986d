internal import Ingest
internal import NIOPosix

extension Backend {
  /// What the file of sources says now; nil where there is none. The arrivals that `earlier` remembers are kept.
  static func ingestion(
    at path: String?, continuing earlier: Ingestion? = nil
  ) async throws(SidecarError) -> Ingestion? {
    guard let path else { return nil }
    let loaded = try? await NIOThreadPool.singleton.runIfActive {
      Result { () throws(IngestConfigurationError) in
        Ingestion(try IngestConfiguration(file: path), continuing: earlier)
      }
    }
    switch loaded {
    case .success(let ingestion)?: return ingestion
    case .failure(let error)?:
      throw SidecarError(message: "`--ingest-config`: \(error.message)", hint: error.hint)
    case nil: throw SidecarError(message: "the server stops", hint: "start it again")
    }
  }
}
