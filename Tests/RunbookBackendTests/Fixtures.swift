import Diagnostics
import Foundation
import ReleaseLanguage
import ReleaseModel
import Testing
import YAMLDocument

/// The plan of an example, after replacements in its text; every replaced text must be there.
func examplePlan(_ name: String, replacing changes: [(String, String)] = []) throws -> ReleasePlan {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let url = root.appendingPathComponent("Examples/\(name)/release.yaml")
  var text = try String(contentsOf: url, encoding: .utf8)
  for (old, new) in changes {
    try #require(text.contains(old), "the example has no longer \(old)")
    text = text.replacingOccurrences(of: old, with: new)
  }
  return try plan(text)
}

/// The plan of a spec without errors.
func plan(_ text: String) throws -> ReleasePlan {
  var sink = DiagnosticSink()
  let document = try #require(YAMLDocument.parse(SourceFile(path: "release.yaml", text: text), into: &sink))
  let spec = try #require(ReleaseSpecShape.read(document, into: &sink))
  try #require(!sink.hasErrors, "\(sink.sorted())")
  return PlanBuilder.plan(spec)
}

let exampleNames = ["doc-0020", "ecom-back", "forge", "nextgen-market", "trade-nexus"]

/// A rendered page taken apart by its lines, as a reader's program sees them.
struct Page {
  var headings: [(level: Int, text: String)] = []
  /// Fenced blocks by language, without the indentation of the list that they stand in.
  var fences: [(language: String, lines: [String])] = []
  /// Lines outside of fences.
  var prose: [String] = []
  var hasOpenFence = false

  init(_ text: String) {
    var open: (indentation: Int, mark: String, language: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      let trimmed = String(line.drop { $0 == " " })
      let indentation = line.count - trimmed.count
      if let fence = open {
        if trimmed == fence.mark, indentation == fence.indentation {
          fences.append((fence.language, fence.lines))
          open = nil
        } else {
          open?.lines.append(String(line.dropFirst(min(indentation, fence.indentation))))
        }
      } else if trimmed.hasPrefix("```") {
        let mark = String(trimmed.prefix { $0 == "`" })
        open = (indentation, mark, String(trimmed.dropFirst(mark.count)), [])
      } else {
        if line.hasPrefix("#") {
          let level = line.prefix { $0 == "#" }.count
          headings.append((level, String(line.dropFirst(level + 1))))
        }
        prose.append(line)
      }
    }
    hasOpenFence = open != nil
  }

  func fences(of language: String) -> [String] {
    fences.filter { $0.language == language }.map { $0.lines.joined(separator: "\n") }
  }

  /// Runs of table lines, each line as its cells.
  var tables: [[[String]]] {
    var tables: [[[String]]] = []
    var previousWasRow = false
    for line in prose {
      let isRow = line.hasPrefix("|")
      if isRow {
        if !previousWasRow { tables.append([]) }
        tables[tables.count - 1].append(cells(line))
      }
      previousWasRow = isRow
    }
    return tables
  }

  /// A pipe splits cells unless an odd number of backslashes stands before it.
  private func cells(_ line: String) -> [String] {
    var cells = [""]
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append("")
      } else {
        cells[cells.count - 1].append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cells.dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
  }
}

/// The words that bash makes of a command line.
func bashWords(_ commandLine: String) throws -> [String] {
  let outcome = try runBash("show() { printf '%s\\0' \"$@\"; }\nshow " + commandLine)
  try #require(outcome.status == 0, "bash refuses \(commandLine)")
  return outcome.output.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
    String(decoding: $0, as: UTF8.self)
  }
}

func bashAccepts(_ script: String) throws -> Bool { try runBash(script, "-n").status == 0 }

private func runBash(_ script: String, _ options: String...) throws -> (output: Data, status: Int32) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["--norc"] + options + ["-c", script]
  // What a query before it has read, where a command takes JSON that nobody types.
  process.environment = ["PATH": "/usr/bin:/bin", "PATCH": "<patch>"]
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (output, process.terminationStatus)
}
