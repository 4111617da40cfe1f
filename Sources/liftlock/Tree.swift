#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that files are written below.
///
/// A file is replaced whole or not at all, whenever the program is killed. The folder is held open, and each path is walked
/// from it part by part by calls that refuse symbolic links: whatever somebody swaps meanwhile, nothing is written outside.
final class Tree {
  private let root: String
  private let descriptor: Int32
  /// Folders whose entries have changed and may not be on disk yet.
  private var touched: Set<String> = []

  init(_ root: String) throws {
    self.root = root
    descriptor = openat(AT_FDCWD, root, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard descriptor >= 0 else {
      throw FileProblem(errno == ENOTDIR || errno == ENOENT ? "is not a folder:" : "cannot open the folder", root)
    }
  }

  deinit { close(descriptor) }

  /// Waits until no other Liftlock writes here. The lock is the kernel's and ends with the program, however that ends; a file
  /// system that knows no locks goes without.
  func lock(waiting: () -> Void) {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK { return }
    waiting()
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  // MARK: - Files

  /// What a run that was killed leaves behind, beside the file that it was about to replace. The dot keeps it out of what
  /// others look for by `*.yml` and `*.sh`.
  static func isUnfinished(_ path: String) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    guard name.first == ".", let hyphen = name.lastIndex(of: "-"), name[...hyphen].hasSuffix(Self.mark) else {
      return false
    }
    let number = name[name.index(after: hyphen)...]
    return !number.isEmpty && number.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static let mark = ".liftlock-"

  /// Writes beside the file, makes sure that it is on disk, and puts it in the file's place in one step. A file that was there
  /// keeps its mode and its owner; it becomes executable for whoever may read it where that is asked for.
  func replace(_ path: String, with text: String, isExecutable: Bool) throws {
    let (folder, name) = try place(of: path, making: true)
    defer { close(folder) }
    let temporary = ".\(name)\(Self.mark)\(getpid())"
    var old = stat()
    let isThere = fstatat(folder, name, &old, AT_SYMLINK_NOFOLLOW) == 0
    let file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isExecutable ? 0o777 : 0o666)
    guard file >= 0 else { throw problem("cannot write", path) }
    var isDone = false
    defer { if !isDone { unlinkat(folder, temporary, 0) } }
    do {
      defer { close(file) }
      if isThere {
        var mode = old.st_mode & 0o7777
        if isExecutable { mode |= (mode & 0o444) >> 2 }
        // Only root can give files away; for everybody else the owner is the same already.
        if old.st_uid != getuid() || old.st_gid != getgid() { _ = fchown(file, old.st_uid, old.st_gid) }
        guard fchmod(file, mode) == 0 else { throw problem("cannot write", path) }
      }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
        if count < 0 {
          if errno == EINTR { continue }
          throw problem("cannot write", path)
        }
        bytes = bytes.dropFirst(count)
      }
      guard fsync(file) == 0 else { throw problem("cannot write", path) }
    }
    guard renameat(folder, temporary, folder, name) == 0 else { throw problem("cannot write", path) }
    isDone = true
    touched.insert(Self.parent(of: path))
  }

  /// Removes a file, and the folders that are empty then.
  func remove(_ path: String) throws {
    let (folder, name) = try place(of: path, making: false)
    defer { close(folder) }
    guard unlinkat(folder, name, 0) == 0 else { throw problem("cannot remove", path) }
    touched.insert(Self.parent(of: path))
    var empty = Self.parent(of: path)
    while !empty.isEmpty {
      let (above, name) = try place(of: empty, making: false)
      defer { close(above) }
      guard unlinkat(above, name, AT_REMOVEDIR) == 0 else { return }
      touched.remove(empty)
      empty = Self.parent(of: empty)
      touched.insert(empty)
    }
  }

  /// Removes what a run that was killed has left. That somebody else was faster is fine.
  func removeUnfinished(_ path: String) throws {
    let (folder, name) = try place(of: path, making: false)
    defer { close(folder) }
    guard unlinkat(folder, name, 0) == 0 || errno == ENOENT else { throw problem("cannot remove", path) }
  }

  /// Makes sure that new names are on disk, too: a file that was synced can still be lost with the entry of its folder.
  func flush() throws {
    for path in touched.sorted() {
      let folder = try folder(at: path)
      defer { close(folder) }
      // Some file systems cannot sync a folder, and need not.
      guard fsync(folder) == 0 || errno == EINVAL else { throw problem("cannot write", path) }
    }
    touched = []
  }

  // MARK: - Ways

  private static func parent(of path: String) -> String {
    path.split(separator: "/").dropLast().joined(separator: "/")
  }

  private func problem(_ what: String, _ path: String) -> FileProblem {
    FileProblem(what, root == "." || path.isEmpty ? (path.isEmpty ? root : path) : root + "/" + path)
  }

  private func place(of path: String, making: Bool) throws -> (folder: Int32, name: String) {
    guard let name = path.split(separator: "/").last, name != ".." else {
      throw FileProblem("will not write to", path, code: EINVAL)
    }
    return (try folder(at: Self.parent(of: path), making: making), String(name))
  }

  /// A folder below the root; the root itself for the empty path. To be closed by the caller.
  private func folder(at path: String, making: Bool = false) throws -> Int32 {
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var folder = openat(descriptor, ".", flags, 0)
    guard folder >= 0 else { throw problem("cannot open the folder", "") }
    var way = ""
    for part in path.split(separator: "/") {
      let above = folder
      defer { close(above) }
      guard part != ".." else { throw FileProblem("will not write to", path, code: EINVAL) }
      let name = String(part)
      folder = openat(above, name, flags, 0)
      if folder < 0, errno == ENOENT, making {
        guard mkdirat(above, name, 0o777) == 0 || errno == EEXIST else { throw problem("cannot make the folder", path) }
        touched.insert(way)
        folder = openat(above, name, flags, 0)
      }
      guard folder >= 0 else { throw problem("cannot open the folder", path) }
      way += (way.isEmpty ? "" : "/") + name
    }
    return folder
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
