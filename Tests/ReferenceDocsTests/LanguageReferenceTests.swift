import Diagnostics
import Foundation
import SpecShape
import Testing

@testable import ReferenceDocs

@Suite struct LanguageReferenceTests {
  /// The page's sections by heading.
  private static let sections: [String: [Substring]] = {
    var sections: [String: [Substring]] = [:]
    var heading = ""
    for line in LanguageReference.page.split(separator: "\n") {
      if line.hasPrefix("### ") { heading = String(line.dropFirst(4)) }
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      sections[heading, default: []].append(line)
    }
    return sections
  }()

  @Test(arguments: places.map(\.path))
  func everyObjectHasASectionWithARowForEachField(_ path: String) throws {
    for place in places where place.path == path {
      let section = try #require(SchemaSection.about(place.object))
      let lines = try #require(Self.sections["`\(section.title)`"])
      #expect(lines.contains { $0.hasPrefix("| Key ") })
      for field in place.object.fields {
        #expect(lines.contains { Self.isRow($0, of: field) }, "`\(path)`: `\(field.name)`")
      }
      // An object that can stand at several places is described at one of them, which names the others. What is in it
      // is found from there.
      let isNamed =
        path.isEmpty || section.title == path
        || lines.contains { $0.hasPrefix("The same at ") && $0.contains("`\(path)`") }
      let isInside = SchemaSection.all.contains { $0.paths.dropFirst().contains { path.hasPrefix($0 + ".") } }
      #expect(isNamed || isInside, "`\(path)` and its keys")
    }
  }

  /// A row: the key, what it takes, whether it is needed, what it means, an example where there is one.
  private static func isRow(_ line: Substring, of field: FieldSchema) -> Bool {
    let cells = line.replacing("\\|", with: "").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    guard cells.count == 5, cells[0] == "`\(field.name)`", !cells[1].isEmpty, !cells[3].isEmpty else { return false }
    let isNeeded = field.isRequired ? cells[2] == "**required**" : !cells[2].isEmpty && cells[2] != "**required**"
    let showsDefault = field.defaultText.map { cells[2].contains($0) } ?? true
    return isNeeded && showsDefault && cells[4].isEmpty == (field.example == nil)
  }

  @Test(arguments: fieldPlaces)
  func everyFieldIsDocumentedInASentence(_ place: FieldPlace) {
    #expect(place.field.documentation.hasSuffix("."), "\(place.field.documentation)")
    #expect(place.field.documentation.first?.isUppercase == true || place.field.documentation.hasPrefix("`"))
  }

  @Test(arguments: fieldPlaces)
  func everyFieldShowsWhatToWrite(_ place: FieldPlace) {
    let isShown = place.field.example != nil || place.field.defaultText != nil || place.field.node.isMapping
    #expect(isShown, "\(place.path) has neither a default nor an example; add `example:` to its shape")
  }

  @Test(arguments: fieldPlaces)
  func everyExampleAndDefaultCanBeReadByItsField(_ place: FieldPlace) {
    for text in [place.field.example, place.field.defaultText].compactMap({ $0 }) {
      let problems = place.field.problems(with: text)
      #expect(problems.isEmpty, "\(place.path): \(text): \(problems.map(\.message))")
    }
  }

  @Test func aWrongValueIsNotRead() throws {
    let hold = try #require(fieldPlaces.first { $0.path.hasSuffix("steps[].hold") }).field
    #expect(hold.problems(with: "15").map(\.code) == ["invalid-duration"])
    #expect(hold.problems(with: "[15m]").map(\.code) == ["wrong-type"])
    #expect(hold.problems(with: "\"15m").map(\.code) == ["yaml-syntax"])
    #expect(hold.problems(with: "15m").isEmpty)
  }

  @Test func everyFormatOfTheSchemaIsExplained() {
    for place in fieldPlaces {
      for (format, _) in place.field.node.formats {
        #expect(FormatSection.explaining(format) != nil, "\(place.path) takes \(format), which no section explains")
      }
    }
  }

  @Test(arguments: FormatSection.all.flatMap(\.formats).map(\.phrase))
  func theExamplesOfAFormatCanBeReadByAFieldThatTakesIt(_ phrase: String) throws {
    let format = try #require(FormatSection.all.flatMap(\.formats).first { $0.phrase == phrase })
    let takers = fieldPlaces.flatMap { place in
      place.field.node.formats.filter { FormatSection.explaining($0.format)?.format.phrase == phrase }
        .map { (field: place.field, isEntry: $0.isEntry) }
    }
    try #require(!takers.isEmpty, "no field takes \(phrase)")
    #expect(!format.examples.isEmpty)
    for example in format.examples {
      // Some fields take less than others: `!v*` is a tag pattern, but cannot tell what a candidate is.
      let problems = takers.map { $0.field.problems(with: $0.isEntry ? "[\(example.text)]" : example.text) }
      #expect(problems.contains { $0.isEmpty }, "\(example.text): \(problems.joined().map(\.message))")
    }
  }

  @Test func theFileAndItsTopLevelKeysAreInTheContents() throws {
    let contents = try #require(Self.sections["Contents"]).joined(separator: "\n")
    for section in SchemaSection.all {
      #expect(contents.contains("- [`\(section.title)`](#\(section.anchor))"), "\(section.title)")
    }
    for section in FormatSection.all { #expect(contents.contains("- [\(section.title)](#"), "\(section.title)") }
  }
}
