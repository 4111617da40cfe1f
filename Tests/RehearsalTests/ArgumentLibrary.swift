import Foundation
import Testing

@testable import Rehearsal

/// What writes down the arguments of every process of a rehearsal, built once.
enum ArgumentLibrary {
  private static let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("liftlock-arguments-\(UUID().uuidString)").path

  private static let library = Result { () throws -> String in
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("ArgumentRecorder/recorder.c").path
    try Machine.makeFolder(folder)
    // The test process is the last that needs it.
    atexit { try? FileManager.default.removeItem(atPath: ArgumentLibrary.folder) }
    let compiler = try #require(["cc", "gcc", "clang"].lazy.compactMap { Machine.find($0) }.first, "no C compiler")
    let built = try Machine.run(
      compiler, ["-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", "\(folder)/recorder.so", source, "-ldl"],
      in: folder, environment: Machine.environment)
    guard built.code == 0 else { throw Rehearsed.Problem(description: built.output) }
    return "\(folder)/recorder.so"
  }

  /// One for one rehearsal.
  static func recorder() throws -> ReleaseRehearsal.ArgumentRecorder {
    .init(library: try library.get(), log: "\(folder)/\(UUID().uuidString)")
  }

  static func remove(_ recorder: ReleaseRehearsal.ArgumentRecorder?) {
    if let recorder { try? FileManager.default.removeItem(atPath: recorder.log) }
  }
}
