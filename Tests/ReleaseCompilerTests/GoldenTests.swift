import Foundation
import ReferenceDocs
import ReleaseCompiler
import Testing

/// `Generated/` is the record of what every example is compiled to.
@Suite struct GoldenTests {
  private static func goldens(of name: String) throws -> [String: Data] {
    let root = repository.appendingPathComponent("Generated/\(name)")
    var files: [String: Data] = [:]
    guard let paths = FileManager.default.enumerator(atPath: root.path) else { return files }
    for case let path as String in paths {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
      if !isFolder.boolValue { files[path] = try Data(contentsOf: root.appendingPathComponent(path)) }
    }
    return files
  }

  @Test func examplesAndGeneratedFoldersAreTheSameSystems() {
    #expect(!exampleNames.isEmpty)
    #expect(folders(in: "Generated") == exampleNames, "write it anew with: make generate")
  }

  @Test(arguments: exampleNames) func exampleCompilesToWhatIsCommitted(name: String) throws {
    let goldens = try Self.goldens(of: name)
    let files = try compiled(name)
    for file in files where goldens[file.path] != Data(file.text.utf8) {
      let old = goldens[file.path].map { String(decoding: $0, as: UTF8.self) }
      let diff = UnifiedDiff.text(
        old: old ?? "", new: file.text, oldName: old == nil ? "/dev/null" : "a/" + file.path, newName: "b/" + file.path)
      Issue.record("Generated/\(name) is not what the example compiles to; if that is meant: make generate\n\(diff)")
    }
    let orphans = Set(goldens.keys).subtracting(files.map(\.path)).sorted()
    #expect(orphans.isEmpty, "nobody generates these files of Generated/\(name) any more; remove them")
  }

  @Test func committedScriptsAreExecutableAndNothingElseIs() throws {
    for name in exampleNames {
      for file in try compiled(name) {
        let path = repository.appendingPathComponent("Generated/\(name)/\(file.path)").path
        #expect(FileManager.default.isExecutableFile(atPath: path) == file.isExecutable, "\(path)")
      }
    }
  }

  @Test func committedSchemaIsTheOneThatTheShapesDescribe() throws {
    let url = repository.appendingPathComponent("Schemas/release.schema.json")
    let old = try String(contentsOf: url, encoding: .utf8)
    let diff = UnifiedDiff.text(
      old: old, new: JSONSchema.releaseSpec, oldName: "a/Schemas/release.schema.json",
      newName: "b/Schemas/release.schema.json")
    #expect(
      Array(old.utf8) == Array(JSONSchema.releaseSpec.utf8),
      "Schemas/release.schema.json is out of date; if that is meant: make generate\n\(diff)")
  }
}

@Suite struct DeterminismTests {
  @Test(arguments: exampleNames) func twoCompilationsGiveTheSameBytes(name: String) throws {
    let first = try compiled(name)
    let second = try generate(exampleText(name))
    #expect(first.map(\.path) == second.map(\.path))
    for (one, other) in zip(first, second) { #expect(Array(one.text.utf8) == Array(other.text.utf8), "\(one.path)") }
  }

  @Test(arguments: exampleNames) func whereTheSpecLiesDoesNotMatter(name: String) throws {
    let here = try compiled(name)
    let elsewhere = try generate(exampleText(name), path: "/somewhere/else/ü spec.yaml")
    #expect(here == elsewhere)
    #expect(!elsewhere.contains { $0.text.contains("somewhere") })
  }

  @Test(arguments: exampleNames) func carriageReturnsAndAByteOrderMarkDoNotMatter(name: String) throws {
    let text = try exampleText(name)
    #expect(try generate("\u{FEFF}" + text.replacingOccurrences(of: "\n", with: "\r\n")) == compiled(name))
  }

  @Test(arguments: exampleNames) func pathsAreUniqueAndStayInTheRepository(name: String) throws {
    let paths = try compiled(name).map(\.path)
    #expect(Set(paths).count == paths.count)
    for path in paths {
      #expect(!path.hasPrefix("/") && !path.split(separator: "/").contains(".."), "\(path)")
    }
  }
}
