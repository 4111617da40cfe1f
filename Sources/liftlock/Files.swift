#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What went wrong with a file, in words.
struct FileProblem: Error, CustomStringConvertible {
  let description: String

  init(_ what: String, _ path: String, code: Int32 = errno) {
    description = "\(what) \(path): \(String(cString: strerror(code)))"
  }
}

/// Reading files, and what a path leads to. `Tree` writes.
enum Files {
  /// `-` is standard input.
  static func read(_ path: String, limit: Int = 64 << 20) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem("cannot read", path) }
    defer { if path != "-" { close(descriptor) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileProblem("cannot read", path)
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw FileProblem("too large to read:", path, code: EFBIG) }
    }
  }

  /// The file's bytes, or `nil` when there is none.
  static func readIfThere(_ path: String) throws -> [UInt8]? {
    isThere(path) ? try read(path) : nil
  }

  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }

  static func isExecutable(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IXUSR != 0
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Where a path leads when all links are followed.
  static func target(of path: String) throws -> String {
    guard let resolved = realpath(path, nil) else { throw FileProblem("cannot find", path) }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Puts a text in a file's place in one step; the file keeps its mode. See `Tree.replace`.
  static func replace(_ path: String, with text: String) throws {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let tree = try Tree(folder)
    try tree.replace(slash.map { String(path[path.index(after: $0)...]) } ?? path, with: text, isExecutable: false)
    try tree.flush()
  }

  /// Whether a file can be put at `path` below `root`. A symbolic link on the way could lead out of the repository, so it is
  /// refused.
  static func checkWay(to path: String, below root: String) throws {
    var place = root
    let parts = path.split(separator: "/")
    for (index, part) in parts.enumerated() {
      place += "/" + part
      var status = stat()
      guard lstat(place, &status) == 0 else { return }
      let isLast = index == parts.count - 1
      switch status.st_mode & S_IFMT {
      case S_IFLNK: throw FileProblem("will not write through a symbolic link:", place, code: ELOOP)
      case S_IFDIR: if isLast { throw FileProblem("is a folder:", place, code: EISDIR) }
      default: if !isLast { throw FileProblem("is not a folder:", place, code: ENOTDIR) }
      }
    }
  }

  /// The regular files in a folder below `root` and in its own folders, from the root, sorted. Nothing when it is not there;
  /// symbolic links are not followed, and folders of the names in `skipping` are left out. Folders that may not be read are left
  /// out, too, unless everything `isNeeded`.
  static func regularFiles(
    in folder: String, below root: String, skipping: Set<String> = [], isNeeded: Bool = false
  ) throws -> [String] {
    var found: [String] = []
    var pending = [folder]
    while let next = pending.popLast() {
      let place = next.isEmpty ? root : root + "/" + next
      var status = stat()
      guard lstat(place, &status) == 0, next.isEmpty || status.st_mode & S_IFMT == S_IFDIR else { continue }
      for name in isNeeded ? try names(in: place) : (try? names(in: place)) ?? [] {
        let path = next.isEmpty ? name : next + "/" + name
        guard lstat(root + "/" + path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFREG: found.append(path)
        case S_IFDIR: if !skipping.contains(name) { pending.append(path) }
        default: break
        }
      }
    }
    return found.sorted()
  }

  /// What is in a folder, sorted. Nothing when it is not there.
  static func names(in folder: String) throws -> [String] {
    guard let stream = opendir(folder) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw FileProblem("cannot read", folder)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The beginning of a file: enough to tell whose it is.
  static func beginning(of path: String, bytes: Int = 1024) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileProblem("cannot read", path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: bytes)
    let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw FileProblem("cannot read", path) }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
