import Foundation
import Testing

/// The pages that people read: what they link to is there, and all of them are found from the first.
@Suite struct LinkTests {
  private static let pages: [String] = {
    let found = FileManager.default.enumerator(atPath: repository.appending(path: "Docs").path)?.allObjects ?? []
    return ["README.md", "CONTRIBUTING.md"]
      + found.compactMap { $0 as? String }.filter { $0.hasSuffix(".md") }.map { "Docs/" + $0 }.sorted()
  }()

  /// The how-tos.
  private static let guides = pages.filter { $0.hasPrefix("Docs/how-to/") && !$0.hasSuffix("/README.md") }

  /// The lines of a page that are no code. Line by line: a regular expression over a whole page takes seconds.
  private static func prose(of page: String) throws -> [String] {
    var isCode = false
    return try text(of: page).components(separatedBy: "\n").filter { line in
      if line.hasPrefix("```") {
        isCode.toggle()
        return false
      }
      return !isCode
    }
  }

  /// What a page links to, without what stands in code.
  private static func links(in page: String) throws -> [(path: String, anchor: String)] {
    // Spans of code are every second piece between backticks; a link's own text may be one.
    try prose(of: page).filter { $0.contains("](") }.flatMap { line in
      line.components(separatedBy: "`").enumerated().map { $0.offset.isMultiple(of: 2) ? $0.element : "code" }
        .joined().components(separatedBy: "](").dropFirst()
        .compactMap { $0.components(separatedBy: ")").first }
    }
    .filter { !$0.contains("://") && !$0.hasPrefix("mailto:") }
    .map { link in
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      return (resolved(parts[0], from: page), parts.count > 1 ? parts[1] : "")
    }
  }

  /// A path relative to the root of the repository, with `..` taken away.
  private static func resolved(_ link: String, from page: String) -> String {
    if link.isEmpty { return page }
    var parts = page.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return parts.joined(separator: "/")
  }

  /// The anchors of each page, as GitHub makes them from its headings.
  private static let anchors: [String: Set<String>] = Dictionary(
    uniqueKeysWithValues: pages.map { page in
      var seen: [String: Int] = [:]
      var anchors: Set<String> = []
      for line in (try? prose(of: page)) ?? [] where line.hasPrefix("#") {
        let heading = line.drop { $0 == "#" }
        guard heading.hasPrefix(" ") else { continue }
        let slug = heading.dropFirst().lowercased()
          .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
          .map { $0 == " " ? "-" : String($0) }.joined()
        let count = seen[slug, default: 0]
        seen[slug] = count + 1
        anchors.insert(count == 0 ? slug : "\(slug)-\(count)")
      }
      return (page, anchors)
    })

  private static func isMissing(_ link: (path: String, anchor: String)) -> Bool {
    guard FileManager.default.fileExists(atPath: repository.appending(path: link.path).path) else { return true }
    guard !link.anchor.isEmpty, link.path.hasSuffix(".md") else { return false }
    return anchors[link.path]?.contains(link.anchor) != true
  }

  @Test(arguments: pages) func everyLinkLeadsToSomething(_ page: String) throws {
    for link in try Self.links(in: page) {
      #expect(!Self.isMissing(link), "\(page) links to \(link.path)#\(link.anchor)")
    }
  }

  @Test func aLinkToNothingIsNoticed() {
    #expect(Self.isMissing(("Docs/nowhere.md", "")))
    #expect(Self.isMissing(("Docs/language.md", "a-heading-that-nobody-wrote")))
    #expect(!Self.isMissing(("Docs/language.md", "conditions")))
  }

  @Test func everyPageIsFoundFromTheFirst() throws {
    #expect(try Self.links(in: "README.md").contains { $0.path == "Docs/README.md" })
    var found: Set<String> = ["Docs/README.md"]
    var rest = ["Docs/README.md"]
    while let page = rest.popLast() {
      for link in try Self.links(in: page) where link.path.hasPrefix("Docs/") && link.path.hasSuffix(".md") {
        if found.insert(link.path).inserted { rest.append(link.path) }
      }
    }
    #expect(Set(Self.pages.filter { $0.hasPrefix("Docs/") }).subtracting(found).isEmpty)
  }

  /// What a how-to shows of a spec is in a spec that it links to, and that tests compile.
  @Test(arguments: guides) func whatAGuideShowsIsInASpec(_ page: String) throws {
    let specs = try Self.links(in: page).map(\.path).filter { $0.hasSuffix(".yaml") }
    #expect(!specs.isEmpty, "\(page) links to no spec")
    let lines = try specs.map { spec in
      try text(of: spec).split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let blocks = try text(of: page).components(separatedBy: "\n```yaml\n").dropFirst()
      .compactMap { $0.components(separatedBy: "\n```").first }
    #expect(!blocks.isEmpty, "\(page) shows no spec")
    for block in blocks {
      let shown = block.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(
        lines.contains { spec in
          spec.indices.contains { start in spec[start...].starts(with: shown) }
        }, "no spec that \(page) links to has these lines together:\n\(block)")
    }
  }

  /// Every platform has its page.
  @Test func thereIsAGuideForEachPlatform() throws {
    let guides = try Self.guides.map { try text(of: $0) }.joined()
    for driver in ["azure-container-apps", "azure-container-instances", "kubernetes", "webhook", "command"] {
      #expect(guides.contains("`\(driver)`"), "\(driver)")
    }
  }
}
