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

/// Reading and writing files. A file is replaced whole or not at all.
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

  /// Writes beside the file, makes sure that it is on disk, and puts it in the file's place in one step.
  static func replace(_ path: String, with text: String, isExecutable: Bool) throws {
    let temporary = path + ".liftlock-\(getpid())"
    let mode: mode_t = isExecutable ? 0o777 : 0o666
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw FileProblem("cannot write", path) }
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
        if count < 0 {
          if errno == EINTR { continue }
          throw FileProblem("cannot write", path)
        }
        bytes = bytes.dropFirst(count)
      }
      guard fsync(descriptor) == 0 else { throw FileProblem("cannot write", path) }
    }
    guard rename(temporary, path) == 0 else { throw FileProblem("cannot write", path) }
    isDone = true
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
  /// symbolic links are not followed.
  static func regularFiles(in folder: String, below root: String) throws -> [String] {
    var found: [String] = []
    var pending = [folder]
    while let next = pending.popLast() {
      guard let stream = opendir(root + "/" + next) else {
        if errno == ENOENT || errno == ENOTDIR { continue }
        throw FileProblem("cannot read", root + "/" + next)
      }
      defer { closedir(stream) }
      while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) { String(cString: $0) }
        }
        var status = stat()
        let path = next + "/" + name
        guard name != ".", name != "..", lstat(root + "/" + path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFREG: found.append(path)
        case S_IFDIR: pending.append(path)
        default: break
        }
      }
    }
    return found.sorted()
  }

  /// Removes a file, and the folders below `root` that are empty then.
  static func remove(_ path: String, below root: String) throws {
    guard unlink(root + "/" + path) == 0 else { throw FileProblem("cannot remove", path) }
    var parts = path.split(separator: "/").dropLast()
    while !parts.isEmpty, rmdir(root + "/" + parts.joined(separator: "/")) == 0 { parts.removeLast() }
  }

  /// Makes the folders on the way to `path` below `root`.
  static func makeFolders(for path: String, below root: String) throws {
    try checkWay(to: path, below: root)
    var folder = root
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else { throw FileProblem("cannot make the folder", folder) }
    }
  }
}

private func systemRead(_ descriptor: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
