/// What a folder's Git repository tells about it, read from its own files: Git need not be there.
struct GitRepository {
  /// The folder that has `.git` in it.
  let root: String
  /// The owner on github.com, if that is where the repository comes from.
  private(set) var owner: String?
  /// What the repository is called where it comes from.
  private(set) var name: String?
  /// The branch that releases start from.
  private(set) var branch: String?

  /// The repository that a folder, given by its resolved path, is in.
  init?(around folder: String) {
    var place = folder
    while !Files.isThere(place + "/.git") {
      guard let slash = place.lastIndex(of: "/"), slash != place.startIndex else { return nil }
      place = String(place[..<slash])
    }
    root = place
    guard let shared = Self.folder(of: place + "/.git") else { return }
    if let address = Self.text(shared + "/config").flatMap(Self.remote) {
      owner = Self.owner(in: address)
      name = address.split { "/:".contains($0) }.last.map { Self.without(suffix: ".git", String($0)) }
    }
    branch = Self.reference(shared + "/refs/remotes/origin/HEAD", below: "refs/remotes/origin/")
    // The branch that happens to be checked out is the one only when it is called like one.
    if branch == nil, let current = Self.reference(shared + "/HEAD", below: "refs/heads/"),
      ["main", "master", "trunk"].contains(current)
    {
      branch = current
    }
  }

  /// `https://github.com/acme/shop.git`, `git@github.com:acme/shop.git`, `ssh://git@github.com/acme/shop`
  static func owner(in address: String) -> String? {
    let parts = address.split { "/:@".contains($0) }.map(String.init)
    let hosts = ["github.com", "www.github.com", "ssh.github.com"]
    guard let host = parts.firstIndex(where: { hosts.contains($0.lowercased()) }) else { return nil }
    // A port may follow the host.
    let rest = parts[(host + 1)...].drop { $0.allSatisfy(\.isNumber) }
    return rest.count == 2 ? rest.first?.lowercased() : nil
  }

  /// The folder with `config` and `refs`; a work tree has a file that leads there.
  private static func folder(of path: String) -> String? {
    if Files.isDirectory(path) { return path }
    let mark = "gitdir: "
    guard let line = text(path)?.split(separator: "\n").first, line.hasPrefix(mark) else { return nil }
    func from(_ folder: String, _ path: String) -> String { path.hasPrefix("/") ? path : folder + "/" + path }
    let own = from(String(path.dropLast("/.git".count)), String(line.dropFirst(mark.count)))
    guard let common = text(own + "/commondir")?.split(separator: "\n").first else { return own }
    return from(own, String(common))
  }

  private static func text(_ path: String) -> String? {
    guard Files.isThere(path), let bytes = try? Files.read(path, limit: 1 << 20) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func reference(_ path: String, below folder: String) -> String? {
    let mark = "ref: " + folder
    guard let line = text(path)?.split(separator: "\n").first, line.hasPrefix(mark) else { return nil }
    return String(line.dropFirst(mark.count))
  }

  /// The address of the remote `origin`, or of the first one.
  private static func remote(_ config: String) -> String? {
    var section = ""
    var first: String?
    for line in config.split(separator: "\n").map({ trimmed(String($0)) }) {
      if line.hasPrefix("[") {
        section = line
      } else if section.hasPrefix("[remote "), let equals = line.firstIndex(of: "="),
        trimmed(String(line[..<equals])) == "url"
      {
        let address = trimmed(String(line[line.index(after: equals)...]))
        if section == "[remote \"origin\"]" { return address }
        first = first ?? address
      }
    }
    return first
  }

  private static func without(suffix: String, _ text: String) -> String {
    text.hasSuffix(suffix) ? String(text.dropLast(suffix.count)) : text
  }

  private static func trimmed(_ text: String) -> String {
    let front = text.drop { $0 == " " || $0 == "\t" }
    guard let end = front.lastIndex(where: { !" \t\r".contains($0) }) else { return "" }
    return String(front[...end])
  }
}
