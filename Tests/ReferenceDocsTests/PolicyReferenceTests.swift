import Diagnostics
import ReleaseCompiler
import SpecShape
import Testing

@testable import ReferenceDocs

/// `Docs/policy.md` and the schema say what is read.
@Suite struct PolicyReferenceTests {
  @Test func theExampleIsTheOneOfThePage() throws {
    let example = try text(of: "Examples/policy.yaml")
    let body = try #require(example.firstIndex(of: "\n").map { example[example.index(after: $0)...] })
    #expect(body == FirstPolicy.text, "copy Examples/policy.yaml to Sources/ReferenceDocs/FirstPolicy.swift")
    #expect(PolicyReference.page.contains("```yaml\n" + FirstPolicy.text + "```"))
    #expect(ReleaseCompiler.readPolicy(SourceFile(path: "policy.yaml", text: example)).diagnostics.isEmpty)
  }

  @Test(arguments: policyFieldPlaces) func everyFieldIsDocumentedWithWhatToWrite(_ place: FieldPlace) {
    let field = place.field
    #expect(field.documentation.hasSuffix("."), "\(place.path)")
    #expect(field.documentation.first?.isUppercase == true || field.documentation.hasPrefix("`"))
    #expect(
      field.example != nil || field.defaultText != nil || field.node.isMapping || field.node.isListOfMappings,
      "\(place.path)")
    for text in [field.example, field.defaultText].compactMap({ $0 }) {
      #expect(
        field.problems(with: text).isEmpty, "\(place.path): \(text): \(field.problems(with: text).map(\.message))")
    }
    let row = PolicyReference.page.split(separator: "\n").contains {
      $0.hasPrefix("| `\(field.name)` ") && $0.contains(field.isRequired ? "**required**" : "|")
    }
    #expect(row, "\(place.path)")
  }

  @Test(arguments: policyFieldPlaces) func everyFormatIsExplained(_ place: FieldPlace) {
    for (format, _) in place.field.node.formats { #expect(FormatSection.explaining(format) != nil, "\(format)") }
  }

  @Test func theExamplesOfItsFormatsCanBeRead() throws {
    for format in PolicyFormats.sections.flatMap(\.formats) {
      let takers = policyFieldPlaces.filter { place in
        place.field.node.formats.contains { FormatSection.explaining($0.format)?.format.phrase == format.phrase }
      }
      #expect(!takers.isEmpty)
      for example in format.examples {
        #expect(takers.contains { $0.field.problems(with: example.text).isEmpty }, "\(example.text)")
      }
    }
  }
}

extension SchemaNode {
  /// One mapping, or a list of them, or words that stand for one.
  fileprivate var isListOfMappings: Bool {
    switch self {
    case .list(let element, _): element.isMapping
    case .oneOf(let nodes): nodes.allSatisfy { $0.isMapping || $0.isListOfMappings }
    default: false
    }
  }
}
