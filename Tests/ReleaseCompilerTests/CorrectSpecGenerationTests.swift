import Diagnostics
import Foundation
import ReleaseCompiler
import Testing

/// The correct specs are not only accepted: what they are compiled to is there, whole and readable by bash.
@Suite struct CorrectSpecGenerationTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  private static let folder = root.appending(path: "ReleaseRulesTests/CorrectSpecs")
  private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()

  @Test(arguments: names) func itsScriptsAreReadByBash(_ name: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
    let plan = try #require(ReleaseCompiler.check(SourceFile(path: name, text: text)).plan)
    let files = ReleaseCompiler.generate(plan)
    #expect(files.contains { $0.kind == .workflow } && files.contains { $0.kind == .runbook })
    let scripts = files.filter { $0.kind == .script }
    try #require(!scripts.isEmpty)
    let place = FileManager.default.temporaryDirectory.appending(path: "liftlock-correct-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    for (index, script) in scripts.enumerated() {
      let file = place.appending(path: "\(index).sh")
      try script.text.write(to: file, atomically: true, encoding: .utf8)
      let bash = Process()
      bash.executableURL = URL(filePath: "/usr/bin/env")
      bash.arguments = ["bash", "-n", file.path]
      let pipe = Pipe()
      bash.standardError = pipe
      try bash.run()
      let said = pipe.fileHandleForReading.readDataToEndOfFile()
      bash.waitUntilExit()
      #expect(bash.terminationStatus == 0, "\(script.path): \(String(decoding: said, as: UTF8.self))")
    }
  }
}
