import Foundation
import Testing
import Workbench

@Suite struct GzipReaderTests {
  /// `one\ntwo\n` forty times, as gzip(1) compresses it.
  static let compressed = Array(
    Data(base64Encoded: "H4sIAAAAAAACA8vPS+UqKc/nyh+lyaIBEeVx1kABAAA=") ?? Data())
  static let plain = Array(String(repeating: "one\ntwo\n", count: 40).utf8)

  private func read(_ bytes: [UInt8], room: Int = 1_000) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    var reader = try GzipReader(opening: folder.write("file", bytes))
    var buffer = [UInt8](repeating: 0, count: room)
    var result: [UInt8] = []
    while true {
      let count = try reader.read(into: &buffer, from: 0)
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  private func failure(_ bytes: [UInt8]) -> InputError? {
    do {
      _ = try read(bytes)
      return nil
    } catch {
      return error as? InputError
    }
  }

  @Test func plainFilesAreReadAsTheyAre() throws {
    #expect(try read([]) == [])
    #expect(try read([0x1F]) == [0x1F])
    #expect(try read(Self.plain, room: 7) == Self.plain)
  }

  @Test(arguments: [1, 7, 1_000]) func gzipIsInflated(room: Int) throws {
    #expect(try read(Self.compressed, room: room) == Self.plain)
  }

  @Test func membersFollowEachOther() throws {
    let members = Self.compressed + StoredGzip.member(Array("three\n".utf8)) + StoredGzip.member([])
    #expect(try read(members + [0, 0, 0]) == Self.plain + Array("three\n".utf8))
  }

  @Test func aBigMemberPassesThroughSmallBuffers() throws {
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    #expect(try read(StoredGzip.member(content), room: 4_096) == content)
  }

  @Test func everyTruncationIsTold() {
    for length in 2..<Self.compressed.count {
      let error = failure(Array(Self.compressed[..<length]))
      #expect(error?.code == .truncated, "cut at \(length)")
      #expect(error?.offset == length)
    }
  }

  @Test func damageIsToldWithItsPlace() {
    var damaged = Self.compressed
    damaged[damaged.count - 6] ^= 1
    let error = failure(damaged)
    #expect(error?.code == .corrupt)
    #expect((error?.offset ?? 0) > 10)
    #expect(error?.description.contains("incorrect data check") == true)
  }

  @Test func whatFollowsAMemberMustBeOne() {
    let error = failure(Self.compressed + Array("garbage".utf8))
    #expect(error?.code == .corrupt)
    #expect(error?.description.contains("incorrect header check") == true)
  }

  @Test func missingFilesAndFoldersAreTold() throws {
    #expect(throws: InputError(code: .cannotOpen, path: "/nowhere", message: "no such file or directory")) {
      var reader = try GzipReader(opening: "/nowhere")
      var buffer: [UInt8] = [0]
      _ = try reader.read(into: &buffer, from: 0)
    }
    let folder = try TemporaryFolder()
    let path = folder.url.path
    #expect(throws: InputError(code: .cannotRead, path: path, message: "is a directory")) {
      var reader = try GzipReader(opening: path)
      var buffer: [UInt8] = [0]
      _ = try reader.read(into: &buffer, from: 0)
    }
  }
}
