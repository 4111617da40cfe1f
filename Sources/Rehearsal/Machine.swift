#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a program ended.
public struct Outcome: Sendable {
  public var code: Int32
  /// Standard output and standard error, as they came.
  public var output: String

  public init(code: Int32, output: String) {
    self.code = code
    self.output = output
  }
}

/// What stands in the way of a rehearsal, in words for people.
public struct RehearsalProblem: Error, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }

  /// A call of the system that failed.
  static func system(_ what: String, _ path: String, code: Int32 = errno) -> RehearsalProblem {
    RehearsalProblem("\(what) \(path): \(String(cString: strerror(code)))")
  }
}

/// Files and programs of this machine, without Foundation, which would cost every start of the tool several milliseconds.
public enum Machine {
  // MARK: - Programs

  /// Runs a program to its end. Its output goes through a file, so that a daemon which it leaves behind holds up nobody.
  public static func run(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String], log: String? = nil
  ) throws -> Outcome {
    let output = try log ?? temporaryFile()
    defer { if log == nil { unlink(output) } }
    let process = try spawn(program, arguments, in: folder, environment: environment, output: output)
    let code = wait(for: process)
    return Outcome(code: code, output: try text(of: output))
  }

  private static func spawn(
    _ program: String, _ arguments: [String], in folder: String, environment: [String: String], output: String
  ) throws -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    // Nothing that another thread has open: a script that is written there could not be run for as long as this one lives.
    // One that is not open is no error to the C libraries of Linux; Darwin has a flag for it.
    #if !canImport(Darwin)
      for descriptor in (STDERR_FILENO + 1)..<256 { posix_spawn_file_actions_addclose(&actions, descriptor) }
    #endif
    // A group of its own: an interrupt of the terminal reaches the tool alone, which then ends what it has started.
    var defaults = sigset_t()
    sigemptyset(&defaults)
    for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { sigaddset(&defaults, signal) }
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    // What a caller has blocked stays blocked in everything that it starts, if nobody says otherwise.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    #if canImport(Darwin)
      flags |= POSIX_SPAWN_CLOEXEC_DEFAULT
    #endif
    posix_spawnattr_setflags(&attributes, Int16(flags))
    // Not every C library can change the folder of what it spawns.
    let line = ["/bin/sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", folder, program] + arguments
    var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.sorted { $0.key < $1.key }
      .map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for pointer in words + variables { free(pointer) } }
    var process: pid_t = 0
    let code = posix_spawn(&process, line[0], &actions, &attributes, &words, &variables)
    guard code == 0 else { throw RehearsalProblem.system("cannot run", program, code: code) }
    Interruption.child = process
    return process
  }

  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    Interruption.child = 0
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  /// Where a program is, by a PATH.
  public static func find(_ program: String, path: String? = nil) -> String? {
    let path = path ?? variable("PATH") ?? "/usr/bin:/bin"
    for folder in path.split(separator: ":") {
      let place = "\(folder)/\(program)"
      if access(place, X_OK) == 0, !isFolder(place) { return place }
    }
    return nil
  }

  public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// All variables of this process, as it was started.
  public static var environment: [String: String] {
    var pairs: [String] = []
    #if canImport(Darwin)
      var pointer = _NSGetEnviron().pointee
      while let text = pointer.pointee {
        pairs.append(String(cString: text))
        pointer += 1
      }
    #else
      pairs = ((try? text(of: "/proc/self/environ")) ?? "").split(separator: "\0").map(String.init)
    #endif
    var environment: [String: String] = [:]
    for pair in pairs {
      guard let equals = pair.firstIndex(of: "=") else { continue }
      environment[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
    return environment
  }

  /// Milliseconds since 1970, by the machine's own clock.
  public static var milliseconds: Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Int(now.tv_sec) * 1000 + Int(now.tv_nsec) / 1_000_000
  }

  // MARK: - Files

  /// A folder that nobody else has, and nobody else can read: secrets lie in it, if only invented ones.
  public static func temporaryFolder() throws -> String {
    let parent = variable("TMPDIR").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 } ?? "/tmp"
    var template = Array("\(parent)/liftlock-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw RehearsalProblem.system("cannot make a folder in", parent) }
    let path = String(cString: made)
    // The world's links lead through here: one name for one place.
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func temporaryFile() throws -> String {
    let parent = variable("TMPDIR") ?? "/tmp"
    var template = Array("\(parent)/liftlock-output-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw RehearsalProblem.system("cannot make a file in", parent) }
    close(descriptor)
    return template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }

  public static func bytes(of path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RehearsalProblem.system("cannot read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw RehearsalProblem.system("cannot read", path)
      }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// A file's text, whatever bytes are in it.
  public static func text(of path: String) throws -> String { String(decoding: try bytes(of: path), as: UTF8.self) }

  public static func write(_ path: String, _ text: String, isExecutable: Bool = false) throws {
    try write(path, Array(text.utf8), isExecutable: isExecutable)
  }

  public static func write(_ path: String, _ bytes: [UInt8], isExecutable: Bool = false) throws {
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isExecutable ? 0o755 : 0o644)
    guard descriptor >= 0 else { throw RehearsalProblem.system("cannot write", path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw RehearsalProblem.system("cannot write", path)
      }
      rest = rest.dropFirst(count)
    }
  }

  public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  public static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether only its owner can read a file.
  static func isPrivate(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o077 == 0
  }

  /// Makes a folder and those that lead to it.
  public static func makeFolder(_ path: String) throws {
    var place = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      place += "/\(part)"
      guard mkdir(place, 0o755) == 0 || errno == EEXIST else { throw RehearsalProblem.system("cannot make", place) }
    }
  }

  /// The folder that a path lies in.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The names in a folder, sorted; none when it is no folder.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
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

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// Removes a file, or a folder with all that is in it. Links are removed and not followed.
  public static func remove(_ path: String) {
    guard kind(path) == S_IFDIR else {
      unlink(path)
      return
    }
    chmod(path, 0o700)
    for name in names(in: path) { remove("\(path)/\(name)") }
    rmdir(path)
  }

  /// Copies a folder with all that is in it, but for what no release needs and what can be large.
  static func copyFolder(_ source: String, to target: String, without left: Set<String>) throws {
    try makeFolder(target)
    for name in names(in: source) where !left.contains(name) {
      let from = "\(source)/\(name)"
      let to = "\(target)/\(name)"
      switch kind(from) {
      case S_IFDIR: try copyFolder(from, to: to, without: left)
      case S_IFREG: try write(to, try bytes(of: from), isExecutable: access(from, X_OK) == 0)
      case S_IFLNK:
        var buffer = [CChar](repeating: 0, count: 4096)
        if readlink(from, &buffer, buffer.count - 1) > 0 { symlink(buffer, to) }
      default: break
      }
    }
  }

  /// The regular files in folders and in theirs, by whole path, sorted.
  public static func files(under folders: [String]) -> [String] {
    folders.flatMap { folder in
      names(in: folder).flatMap { name -> [String] in
        let path = "\(folder)/\(name)"
        switch kind(path) {
        case S_IFDIR: return files(under: [path])
        case S_IFREG: return [path]
        default: return []
        }
      }
    }.sorted()
  }
}

/// What happens when somebody interrupts the tool: the program that runs is ended, and everything is taken down in order.
public enum Interruption {
  // Written by the thread that runs programs and by the handler of signals, which can do no more than this.
  nonisolated(unsafe) static var child: pid_t = 0
  nonisolated(unsafe) static var signal: Int32 = 0

  nonisolated(unsafe) private static var count = 0

  /// Whether somebody wants everything to end.
  public static var isWanted: Bool { signal != 0 }
  /// Whether somebody wants so for the second time: what is real must get the chance to be taken back before that.
  static var isUrgent: Bool { count > 1 }

  /// From now on INT, TERM and HUP end what runs, and nothing more is started.
  public static func watch() {
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&wanted, number) }
    // Whoever started this may have blocked them.
    pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      systemSignal(number) { number in
        Interruption.signal = number
        Interruption.count += 1
        if Interruption.child > 0 { kill(-Interruption.child, SIGTERM) }
      }
    }
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemSignal(_ number: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
  signal(number, handler)
}
