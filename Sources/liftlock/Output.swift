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
    let file: GeneratedFile
    let diff: String
    /// `nil`: the file is not there.
    let ownership: Ownership?

    var needsForce: Bool { ownership == .edited || ownership == .foreign }
    var verb: String { ownership == nil ? "created" : "updated" }

    var refusal: String {
      ownership == .edited
        ? "\(file.path) was edited by hand: put the change into the spec, or overwrite it with --force (--diff shows it)"
        : "\(file.path) is there already and is not Liftlock's: move it away, or overwrite it with --force"
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
          file: file,
          diff: UnifiedDiff.text(old: "", new: file.text, oldName: "/dev/null", newName: "b/" + file.path),
          ownership: nil)
      }
      let old = String(decoding: bytes, as: UTF8.self)
      let modeDiffers = file.isExecutable && !Files.isExecutable(root + "/" + file.path)
      if bytes.elementsEqual(file.text.utf8), !modeDiffers { return nil }
      var diff = UnifiedDiff.text(old: old, new: file.text, oldName: "a/" + file.path, newName: "b/" + file.path)
      if modeDiffers { diff = "\(file.path): not executable\n" + diff }
      return Change(
        file: file, diff: diff, ownership: modeDiffers && bytes.elementsEqual(file.text.utf8) ? .ours : .of(old))
    }
  }

  /// Everything that could stand in the way is found before the first file is written.
  func write(_ changes: [Change], tell: (Change) -> Void) throws {
    for change in changes { try Files.checkWay(to: change.file.path, below: root) }
    for change in changes {
      try write(change)
      tell(change)
    }
  }

  private func write(_ change: Change) throws {
    try Files.makeFolders(for: change.file.path, below: root)
    try Files.replace(root + "/" + change.file.path, with: change.file.text, isExecutable: change.file.isExecutable)
  }
}
