import Foundation
import Testing

/// The root of this repository.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Every file under this folder of the repository whose path ends so, from the repository's root.
func files(in folder: String, ending: String) throws -> [String] {
  let root = repository.appendingPathComponent(folder).path
  let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { $0.hasSuffix(ending) }.sorted()
  try #require(!paths.isEmpty, "there is no *\(ending) in \(folder)")
  return paths.map { "\(folder)/\($0)" }
}
