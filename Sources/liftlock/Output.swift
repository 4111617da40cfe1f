import ReleaseCompiler

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Generated files against what is on disk.
struct Output {
  let root: String
  let files: [GeneratedFile]

  struct Change {
    let path: String
    /// `nil`: no spec is compiled to this file any more.
    let file: GeneratedFile?
    let diff: String
    /// `nil`: the file is not there.
    let ownership: Ownership?

    var needsForce: Bool { ownership == .edited || ownership == .foreign }
    var verb: String { file == nil ? "removed" : ownership == nil ? "created" : "updated" }

    var refusal: String {
      if file == nil { return "\(path) is not generated any more, but was edited by hand: remove it, or use --force" }
      return ownership == .edited
        ? "\(path) was edited by hand: put the change into the spec, or overwrite it with --force (--diff shows it)"
        : "\(path) is there already and is not Liftlock's: move it away, or overwrite it with --force"
    }
  }

  /// What would be written, in the order of the files; files that are already right are not in it.
  func changes() throws -> [Change] {
    var seen: Set<String> = []
    if let twice = files.first(where: { !seen.insert($0.path).inserted }) {
      throw FileProblem("two specs would both write", twice.path, code: EEXIST)
    }
    guard Files.isDirectory(root) else { throw FileProblem("is not a folder:", root, code: ENOTDIR) }
    return try files.compactMap { file in
      guard let bytes = try Files.readIfThere(root + "/" + file.path) else {
        return Change(
          path: file.path, file: file,
          diff: UnifiedDiff.text(old: "", new: file.text, oldName: "/dev/null", newName: "b/" + file.path),
          ownership: nil)
      }
      let old = String(decoding: bytes, as: UTF8.self)
      let modeDiffers = file.isExecutable && !Files.isExecutable(root + "/" + file.path)
      if bytes.elementsEqual(file.text.utf8), !modeDiffers { return nil }
      var diff = UnifiedDiff.text(old: old, new: file.text, oldName: "a/" + file.path, newName: "b/" + file.path)
      if modeDiffers { diff = "\(file.path): not executable\n" + diff }
      return Change(
        path: file.path, file: file, diff: diff,
        ownership: modeDiffers && bytes.elementsEqual(file.text.utf8) ? .ours : .of(old))
    }
  }

  /// Files that came from the same specs before and do not any more. A workflow among them would still start.
  func leftovers() throws -> [Change] {
    let current = Set(files.map(\.path))
    let services = files.map(\.service).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return try services.flatMap { service in
      try ReleaseCompiler.folders(of: service).flatMap { try Files.regularFiles(in: $0, below: root) }.compactMap {
        path in
        if current.contains(path) { return nil }
        let text = String(decoding: try Files.read(root + "/" + path), as: UTF8.self)
        guard Ownership.claims(text, for: service) else { return nil }
        return Change(
          path: path, file: nil,
          diff: UnifiedDiff.text(old: text, new: "", oldName: "a/" + path, newName: "/dev/null"), ownership: .of(text))
      }
    }
  }

  /// Everything that could stand in the way is found before the first file is written.
  func write(_ changes: [Change], tell: (Change) -> Void) throws {
    for change in changes { try Files.checkWay(to: change.path, below: root) }
    for change in changes {
      try write(change)
      tell(change)
    }
  }

  private func write(_ change: Change) throws {
    guard let file = change.file else { return try Files.remove(change.path, below: root) }
    try Files.makeFolders(for: file.path, below: root)
    try Files.replace(root + "/" + file.path, with: file.text, isExecutable: file.isExecutable)
  }
}
