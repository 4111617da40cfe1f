/// Which branches and tags a GitHub environment lets through, so that no other code reaches its secrets.
public struct DeploymentRefs: Sendable {
  /// As the script compares and prints them: `branch main`, `tag v[0-9]*`. Empty: protected branches only.
  public let patterns: [String]

  public init(_ trigger: Trigger) {
    var patterns: [String] = []
    func add(_ kind: String, _ filter: TagPattern) {
      for pattern in FilterPattern(filter).environmentPatterns where !patterns.contains("\(kind) \(pattern)") {
        patterns.append("\(kind) \(pattern)")
      }
    }
    for branch in trigger.push?.branches ?? [] { add("branch", TagPattern(filter: branch.value)) }
    for tag in trigger.releaseTags { add("tag", tag) }
    self.patterns = patterns
  }
}

extension Trigger {
  /// The tags from which a release starts, by itself or by hand.
  public var releaseTags: [TagPattern] {
    var result: [TagPattern] = []
    for tag in tags + (manual?.tags ?? []) where !result.contains(tag.value) { result.append(tag.value) }
    return result
  }
}

/// A filter of a workflow's trigger, taken apart. The patterns of environments are another language, Ruby's
/// `File.fnmatch`, in which a `+` stands for itself: a filter that is copied there lets no release through.
/// Source: GitHub's docs, "Workflow syntax", filter pattern cheat sheet, and "Managing environments for deployment".
public struct FilterPattern: Sendable {
  private enum Atom: Sendable {
    case character(Character)
    case group(String)
    case anything
    case anythingWithSlashes
  }

  private enum Repetition: Sendable { case once, perhaps, more }

  private let isExclusion: Bool
  private var atoms: [(Atom, Repetition)] = []

  public init(_ pattern: TagPattern) {
    isExclusion = pattern.isExclusion
    var rest = Substring(pattern.filter)
    if isExclusion { rest.removeFirst() }
    while let character = rest.popFirst() {
      switch character {
      case "*" where rest.first == "*":
        rest.removeFirst()
        atoms.append((.anythingWithSlashes, .once))
      case "*": atoms.append((.anything, .once))
      case "?", "+":
        if let last = atoms.popLast() { atoms.append((last.0, character == "+" ? .more : .perhaps)) }
      case "[":
        guard let end = rest.firstIndex(of: "]") else {
          atoms.append((.character("["), .once))
          continue
        }
        atoms.append((.group(String(rest[..<end])), .once))
        rest = rest[rest.index(after: end)...]
      case "\\": if let escaped = rest.popFirst() { atoms.append((.character(escaped), .once)) }
      default: atoms.append((.character(character), .once))
      }
    }
  }

  /// What lets at least those names through that the filter does, and as few others as `File.fnmatch` can say: it cannot
  /// count, so what repeats becomes `*`. The workflow's own filter and gates stay as narrow as they are. Nothing for a
  /// filter that only takes names away.
  public var environmentPatterns: [String] {
    if isExclusion { return [] }
    var results = [""]
    for (atom, repetition) in atoms {
      switch (atom, repetition) {
      case (.anythingWithSlashes, _):
        // Here `*` ends at a slash, and only a whole folder may be `**`.
        results = results.flatMap { text in
          text.isEmpty || text.hasSuffix("/") ? [text + "**/*"] : [Self.starred(text), Self.starred(text) + "/**/*"]
        }
      case (.anything, _), (_, .perhaps): results = results.map(Self.starred)
      case (.character(let character), let repetition):
        let special: Set<Character> = ["*", "?", "[", "]", "\\", "{", "}"]
        let text = (special.contains(character) ? "\\" : "") + String(character)
        results = results.map { repetition == .more ? $0 + text + "*" : $0 + text }
      case (.group(let set), let repetition):
        results = results.map { repetition == .more ? $0 + "[\(set)]*" : $0 + "[\(set)]" }
      }
      // Each `**` inside a name doubles them; beyond this, everything is let through rather than something forgotten.
      if results.count > 8 { return ["**/*"] }
    }
    return results
  }

  /// Two names that the filter lets through, as different as can be, such as `v0.0` and `v99.99`.
  public var examples: [String] {
    if isExclusion { return [] }
    let short = atoms.map { atom, repetition in repetition == .perhaps ? "" : Self.example(atom, first: true) }.joined()
    let long = atoms.map { atom, repetition in
      let text = Self.example(atom, first: false)
      return repetition == .more ? text + text : text
    }.joined()
    return short == long ? [short] : [short, long]
  }

  private static func starred(_ text: String) -> String {
    text.hasSuffix("*") && !text.hasSuffix("\\*") ? text : text + "*"
  }

  private static func example(_ atom: Atom, first: Bool) -> String {
    switch atom {
    case .character(let character): String(character)
    case .group(let set): (first ? set.first : set.last).map { String($0) } ?? ""
    case .anything, .anythingWithSlashes: first ? "1" : "x9"
    }
  }
}
