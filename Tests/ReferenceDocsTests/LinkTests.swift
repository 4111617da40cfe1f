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

  /// What a page links to, without what stands in code.
  private static func links(in page: String) throws -> [(path: String, anchor: String)] {
    let prose = try text(of: page).replacing(/(?s)```.*?```/, with: "").replacing(/`[^`\n]*`/, with: "code")
    return prose.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
      .filter { !$0.hasPrefix("https://") && !$0.hasPrefix("http://") && !$0.hasPrefix("mailto:") }
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

  /// The anchors of a page, as GitHub makes them from its headings.
  private static func anchors(of page: String) throws -> Set<String> {
    let prose = try text(of: page).replacing(/(?s)\n```.*?\n```/, with: "")
    var seen: [String: Int] = [:]
    var anchors: Set<String> = []
    for match in prose.matches(of: /(?m)^#{1,6} (.+)$/) {
      let slug = match.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" || $0 == " " }
        .replacing(" ", with: "-")
      let count = seen[slug, default: 0]
      seen[slug] = count + 1
      anchors.insert(count == 0 ? slug : "\(slug)-\(count)")
    }
    return anchors
  }

  private static func missing(_ link: (path: String, anchor: String)) throws -> Bool {
    guard FileManager.default.fileExists(atPath: repository.appending(path: link.path).path) else { return true }
    guard !link.anchor.isEmpty, link.path.hasSuffix(".md") else { return false }
    return try !anchors(of: link.path).contains(link.anchor)
  }

  @Test(arguments: pages) func everyLinkLeadsToSomething(_ page: String) throws {
    for link in try Self.links(in: page) {
      #expect(try !Self.missing(link), "\(page) links to \(link.path)#\(link.anchor)")
    }
  }

  @Test func aLinkToNothingIsNoticed() throws {
    #expect(try Self.missing(("Docs/nowhere.md", "")))
    #expect(try Self.missing(("Docs/language.md", "a-heading-that-nobody-wrote")))
    #expect(try !Self.missing(("Docs/language.md", "conditions")))
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
    let blocks = try text(of: page).matches(of: /(?s)\n```yaml\n(.*?)\n```/)
    #expect(!blocks.isEmpty, "\(page) shows no spec")
    for block in blocks {
      let shown = block.1.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(
        lines.contains { spec in
          spec.indices.contains { start in spec[start...].starts(with: shown) }
        }, "no spec that \(page) links to has these lines together:\n\(block.1)")
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
