/// A file that is printed from the definitions.
public struct ReferenceFile: Sendable {
  /// Relative to the root of this repository, such as `Docs/rules/empty-cell.md`.
  public let path: String
  public let text: String
}

/// The pages under `Docs/`.
public enum ReferenceFiles {
  /// The folder in which every file is printed, so that any other in it is a leftover.
  public static let findingsFolder = "Docs/rules"

  /// Every page, in a fixed order.
  public static let all: [ReferenceFile] =
    [
      ReferenceFile(path: "Docs/language.md", text: LanguageReference.page),
      ReferenceFile(path: "Docs/policy.md", text: PolicyReference.page),
    ] + FindingPages.files
}
