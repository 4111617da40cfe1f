import Diagnostics
import GitHubWorkflow
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

  /// A file that is not as it should be.
  struct Change {
    let path: String
    /// `nil`: no spec is compiled to this file any more.
    let file: GeneratedFile?
    let diff: String
    let state: State

    enum State: Equatable {
      case missing
      /// As Liftlock wrote it, from an older spec or by an older version.
      case outOfDate
      case notExecutable
      case edited
      /// Only the commits of its actions are others, as a bot writes them.
      case otherPins
      case foreign
      /// Whose spec is not compiled to it any more, or, for `isStray`, is not there any more.
      case orphan(service: String, isEdited: Bool, isStray: Bool)
    }

    var needsForce: Bool {
      switch state {
      case .edited, .otherPins, .foreign, .orphan(_, isEdited: true, _): true
      default: false
      }
    }

    var verb: String { file == nil ? "removed" : state == .missing ? "created" : "updated" }

    /// What is the matter with it, and what puts it right.
    var finding: String {
      switch state {
      case .missing: return "\(path) is missing"
      case .outOfDate: return "\(path) is out of date: the spec, or Liftlock, has changed since it was generated"
      case .notExecutable: return "\(path) is not executable, and people run it by its name"
      case .edited:
        return
          "\(path) was edited by hand: put the change into the spec, or overwrite it with --force (--diff shows it)"
      case .otherPins:
        return
          "\(path) uses actions at other commits: take them over with liftlock pins --update, or overwrite it with --force"
      case .foreign:
        return "\(path) is there already and is not Liftlock's: move it away, or overwrite it with --force"
      case .orphan(let service, let isEdited, let isStray):
        let why =
          isStray
          ? "\(path) is an orphan: no spec in this repository is of the service `\(service)` any more"
          : "\(path) is not generated any more: the spec of `\(service)` asks for it no longer"
        if isEdited {
          return why + "; it was edited by hand, so remove it yourself, or use \(isStray ? "--prune " : "")--force"
        }
        return why + (isStray ? "; liftlock generate --prune removes it" : "; liftlock generate removes it")
      }
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
      try Files.checkWay(to: file.path, below: root)
      guard let bytes = try Files.readIfThere(root + "/" + file.path) else {
        return Change(
          path: file.path, file: file,
          diff: UnifiedDiff.text(old: "", new: file.text, oldName: "/dev/null", newName: "b/" + file.path),
          state: .missing)
      }
      if bytes.elementsEqual(file.text.utf8) {
        guard file.isExecutable, !Files.isExecutable(root + "/" + file.path) else { return nil }
        return Change(path: file.path, file: file, diff: "\(file.path): not executable\n", state: .notExecutable)
      }
      let old = String(decoding: bytes, as: UTF8.self)
      let state: Change.State =
        switch Ownership.of(old) {
        case .ours: .outOfDate
        case .edited: edit(of: old, from: file.text)
        case .foreign: .foreign
        }
      return Change(
        path: file.path, file: file,
        diff: UnifiedDiff.text(old: old, new: file.text, oldName: "a/" + file.path, newName: "b/" + file.path),
        state: state)
    }
  }

  /// What an edit comes to. A bot moves an action to another commit; once that has been taken over, nothing is lost by writing
  /// the file.
  private func edit(of old: String, from new: String) -> Change.State {
    func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    let (oldLines, newLines) = (lines(old), lines(new))
    guard oldLines.count == newLines.count else { return .edited }
    let different = zip(oldLines, newLines).filter { $0 != $1 && !Ownership.isSeal($1) }
    if different.isEmpty { return .outOfDate }
    let isByBot = different.allSatisfy { old, new in
      guard let use = ActionUse(old) else { return false }
      return use.name == ActionUse(new)?.name
    }
    return isByBot ? .otherPins : .edited
  }

  /// What lies in the folders of generated files and is not generated now.
  struct Leftovers {
    /// From the same services: their specs were compiled to it before. A workflow among them would still start.
    var own: [Change] = []
    /// From services of other specs, if these are there at all.
    var others: [Change] = []
    /// Half-written files of runs that were killed.
    var unfinished: [String] = []
  }

  func leftovers() throws -> Leftovers {
    let current = Set(files.map(\.path))
    let services = Set(files.map(\.service))
    var result = Leftovers()
    for path in try ReleaseCompiler.folders.flatMap({ try Files.regularFiles(in: $0, below: root) }) {
      if Tree.isUnfinished(path) {
        result.unfinished.append(path)
        continue
      }
      // What may not be read is somebody else's.
      guard !current.contains(path), let beginning = try? Files.beginning(of: root + "/" + path),
        let service = Ownership.service(claimedIn: beginning)
      else { continue }
      let isOwn = services.contains(service)
      let text = String(decoding: try Files.read(root + "/" + path), as: UTF8.self)
      let change = Change(
        path: path, file: nil,
        diff: UnifiedDiff.text(old: text, new: "", oldName: "a/" + path, newName: "/dev/null"),
        state: .orphan(service: service, isEdited: Ownership.of(text) != .ours, isStray: !isOwn))
      if isOwn { result.own.append(change) } else { result.others.append(change) }
    }
    return result
  }

  /// Those of `changes` whose service has no spec anywhere below the root.
  func strays(among changes: [Change]) throws -> [Change] {
    func service(_ change: Change) -> String {
      if case .orphan(let service, _, _) = change.state { service } else { "" }
    }
    var missing = Set(changes.map(service))
    if missing.isEmpty { return [] }
    // Specs can have any name; what cannot be read can be nobody's spec.
    for path in try Files.regularFiles(in: "", below: root, skipping: [".git", "node_modules"], isNeeded: true)
    where path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
      guard !missing.isEmpty else { break }
      guard let text = try? Files.read(root + "/" + path),
        case .spec(let service?) = ReleaseCompiler.kind(of: SourceFile(path: path, text: text))
      else { continue }
      missing.remove(service)
    }
    return changes.filter { missing.contains(service($0)) }
  }

  /// What was written before all was done, or something went wrong. Each file is the old one or the new one, whole.
  struct Written {
    var done: [Change] = []
    var problem: FileProblem?
  }

  /// Everything that could stand in the way is found before the first file is written, and nothing is said until the last one
  /// is: a reader that has gone would end the program in between.
  func write(_ changes: [Change], removing unfinished: [String], in tree: Tree) throws -> Written {
    for change in changes { try Files.checkWay(to: change.path, below: root) }
    var written = Written()
    do {
      for path in unfinished { try tree.removeUnfinished(path) }
      for change in changes {
        if let file = change.file {
          try tree.replace(file.path, with: file.text, isExecutable: file.isExecutable)
        } else {
          try tree.remove(change.path)
        }
        written.done.append(change)
      }
      try tree.flush()
    } catch let problem as FileProblem {
      written.problem = problem
      try? tree.flush()
    }
    return written
  }
}
